namespace AgentVine.Contracts.Tasks;

/// <summary>What became of a task's branch on its target; separate from the task's status.</summary>
public enum MergeState
{
    /// <summary>The branch was not merged by the fleet.</summary>
    None,
}

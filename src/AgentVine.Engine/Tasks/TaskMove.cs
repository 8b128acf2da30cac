using AgentVine.Contracts.Tasks;

namespace AgentVine.Engine.Tasks;

/// <summary>A task that moved. <paramref name="Actor"/> is who made it so, where that was a person.</summary>
internal sealed record TaskMove(TaskRow Task, AgentTaskStatus? From, AgentTaskStatus To, string? Actor)
{
    /// <summary>Whether the move left the states in which an attempt runs.</summary>
    public bool EndsAttempt => From is AgentTaskStatus.InProgress or AgentTaskStatus.Waiting
        && To is not (AgentTaskStatus.InProgress or AgentTaskStatus.Waiting);
}

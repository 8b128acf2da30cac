using System.Text.Json.Serialization;

namespace AgentVine.Contracts.Tasks;

/// <summary>How much of a task's result needs a person.</summary>
public enum PermissionLevel
{
    /// <summary>Finished work is completed.</summary>
    Autonomous,

    /// <summary>Finished work goes to review; a policy may accept it.</summary>
    Supervised,

    /// <summary>Finished work goes to review, and only a person accepts it.</summary>
    [JsonStringEnumMemberName("human-required")]
    HumanRequired,
}

namespace AgentVine.Contracts.Conversations;

/// <summary>What an agent needs answered.</summary>
public enum RequestKind
{
    /// <summary>Words or a choice.</summary>
    Question,

    /// <summary>May this tool run with this input?</summary>
    Permission,

    /// <summary>Is this plan to be carried out?</summary>
    Approval,

    /// <summary>Is this work accepted?</summary>
    Review,
}

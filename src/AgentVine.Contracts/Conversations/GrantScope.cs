namespace AgentVine.Contracts.Conversations;

/// <summary>How far an allowed permission reaches.</summary>
public enum GrantScope
{
    /// <summary>This call alone.</summary>
    Once,

    /// <summary>Every call of that tool until the session ends.</summary>
    Session,
}

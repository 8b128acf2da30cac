namespace AgentVine.Contracts.Conversations;

/// <summary>A decision on a permission, approval or review.</summary>
public enum AnswerDecision
{
    /// <summary>The tool may run.</summary>
    Allow,

    /// <summary>The tool may not run.</summary>
    Deny,

    /// <summary>Go ahead; accepted.</summary>
    Approve,

    /// <summary>Not like this.</summary>
    Reject,
}

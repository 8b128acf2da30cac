namespace AgentVine.Contracts.Accounts;

/// <summary>Whether an account takes work.</summary>
public enum AccountState
{
    /// <summary>It does. Left by a limit, a refused key, exhausted credit, or a person.</summary>
    Open,

    /// <summary>Not until a moment: a provider's limit, or a person's. Left at that moment, or by a person.</summary>
    Limited,

    /// <summary>Not until a person opens it, or a worker registers with another key.</summary>
    Closed,
}

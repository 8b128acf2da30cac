namespace AgentVine.Contracts.Accounts;

/// <summary>How an account pays.</summary>
public enum AccountKind
{
    /// <summary>A key, by use; calls go through the worker's model gateway.</summary>
    ApiKey,

    /// <summary>A subscription's token; calls go direct.</summary>
    Subscription,
}

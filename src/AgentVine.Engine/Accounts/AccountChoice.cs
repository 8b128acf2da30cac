namespace AgentVine.Engine.Accounts;

/// <summary>One of a worker's accounts for one runtime, or, without an account, its word that it drives the runtime without one.</summary>
internal sealed class AccountChoice
{
    public Guid WorkerId { get; init; }

    public string WorkerName { get; init; } = "";

    public string Runtime { get; init; } = "";

    public string? Account { get; init; }

    public string? Fingerprint { get; init; }

    /// <summary>Whether its worker can be counted on to take work.</summary>
    public bool IsAwake { get; init; }
}

using AgentVine.Worker.Accounts;

namespace AgentVine.Worker.Gateway;

/// <summary>What the gateway asks and tells of an attempt whose calls it takes. Its functions are safe to call from any thread.</summary>
internal sealed record GatewayGuest
{
    /// <summary>The account that pays.</summary>
    public required string Account { get; init; }

    /// <summary>Returns once the attempt may call its model, cancelled when it never will again; asked before each call.</summary>
    public required Func<CancellationToken, Task> Held { get; init; }

    /// <summary>Where its calls are booked.</summary>
    public required UsageLedger Usage { get; init; }

    /// <summary>What it may spend; null where no budget applies.</summary>
    public Allowance? Allowance { get; init; }

    /// <summary>The timestamp of when its order came.</summary>
    public long ClaimedAt { get; init; }

    /// <summary>Puts words into its output, soon.</summary>
    public Action<string> Note { get; init; } = _ => { };

    /// <summary>Tells the server what stands in the way of the account's calls; returns until when that stands, where the server knows, and throws where it has not heard of it.</summary>
    public Func<CallTrouble, Task<DateTimeOffset?>> TellAsync { get; init; } = _ => Task.FromResult<DateTimeOffset?>(null);
}

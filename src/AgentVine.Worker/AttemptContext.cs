using AgentVine.Contracts.Queue;
using AgentVine.Runtimes;

namespace AgentVine.Worker;

/// <summary>What an attempt's conversation works with besides its agent.</summary>
internal sealed record AttemptContext
{
    /// <summary>The server, for calls that need not be on disk first.</summary>
    public required ServerLink Server { get; init; }

    /// <summary>The attempt.</summary>
    public required RunningAttempt Attempt { get; init; }

    /// <summary>What the attempt tells, lines and all else, in order.</summary>
    public required OutputWriter Output { get; init; }

    /// <summary>Its agent time.</summary>
    public required AgentClock Clock { get; init; }

    /// <summary>Whether it gets on.</summary>
    public required StallWatch Stalls { get; init; }

    /// <summary>What its runtime's agents can be given.</summary>
    public required RuntimeCapabilities Capabilities { get; init; }

    /// <summary>Where its work goes back to.</summary>
    public required string TargetBranch { get; init; }

    /// <summary>Its checkpoints; null where the runtime's agents cannot be resumed, and so cannot be parked.</summary>
    public ICheckpoints? Checkpoints { get; init; }

    public WorkOrderView Order => Attempt.Lease.Order;
}

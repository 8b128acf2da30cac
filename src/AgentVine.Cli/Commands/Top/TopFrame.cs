using AgentVine.Contracts.Queue;

namespace AgentVine.Cli.Commands.Top;

/// <summary>The fleet at one moment, as <c>vine top --json</c> tells it.</summary>
internal sealed record TopFrame
{
    public required DateTimeOffset At { get; init; }

    public required Uri Server { get; init; }

    public required IReadOnlyList<QueueDepth> Queues { get; init; }

    /// <summary>Those that take no work.</summary>
    public required IReadOnlyList<AccountStatus> Accounts { get; init; }

    public required IReadOnlyList<TopWorker> Workers { get; init; }

    /// <summary>What runs, the longest first.</summary>
    public required IReadOnlyList<TopRun> Running { get; init; }

    /// <summary>Open requests, the oldest first.</summary>
    public required IReadOnlyList<TopRequest> Requests { get; init; }

    /// <summary>The newest of the dead letter; <see cref="Queues"/> count all.</summary>
    public required IReadOnlyList<TopDead> DeadLetters { get; init; }

    public required TopHour LastHour { get; init; }
}

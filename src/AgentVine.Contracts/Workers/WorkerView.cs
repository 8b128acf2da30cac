namespace AgentVine.Contracts.Workers;

/// <summary>A worker as the API shows it.</summary>
public sealed record WorkerView
{
    /// <summary>UUID, version 7; new with each registration.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc cref="RegisterWorkerRequest.Name"/>
    public required string Name { get; init; }

    /// <summary>What it does now.</summary>
    public required WorkerStatus Status { get; init; }

    /// <summary>Why, where the status alone does not say it.</summary>
    public string? StatusReason { get; init; }

    /// <inheritdoc cref="RegisterWorkerRequest.Slots"/>
    public required int Slots { get; init; }

    /// <summary>How many orders are leased to it.</summary>
    public required int Leased { get; init; }

    /// <inheritdoc cref="RegisterWorkerRequest.Runtimes"/>
    public required IReadOnlyList<string> Runtimes { get; init; }

    /// <inheritdoc cref="RegisterWorkerRequest.Type"/>
    public string? Type { get; init; }

    /// <inheritdoc cref="RegisterWorkerRequest.Specializations"/>
    public IReadOnlyList<string>? Specializations { get; init; }

    /// <inheritdoc cref="RegisterWorkerRequest.Permissions"/>
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <inheritdoc cref="RegisterWorkerRequest.Labels"/>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <inheritdoc cref="RegisterWorkerRequest.ContextWindow"/>
    public long? ContextWindow { get; init; }

    /// <inheritdoc cref="RegisterWorkerRequest.MaxConcurrentTasks"/>
    public int? MaxConcurrentTasks { get; init; }

    /// <inheritdoc cref="RegisterWorkerRequest.Sandbox"/>
    public string? Sandbox { get; init; }

    /// <inheritdoc cref="RegisterWorkerRequest.Version"/>
    public string? Version { get; init; }

    /// <inheritdoc cref="RegisterWorkerRequest.Host"/>
    public string? Host { get; init; }

    /// <summary>When it registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last spoke.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Since when nobody knows whether it still runs: the server was started anew, or it missed its heartbeats.</summary>
    public DateTimeOffset? UnconfirmedSince { get; init; }
}

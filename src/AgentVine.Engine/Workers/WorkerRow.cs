using AgentVine.Contracts;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Workers;

/// <summary>A row of <c>workers</c>.</summary>
internal sealed class WorkerRow
{
    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public string Status { get; init; } = "";

    public string? StatusReason { get; init; }

    public int Slots { get; init; }

    public int? MaxConcurrent { get; init; }

    public string Runtimes { get; init; } = "";

    /// <summary>The registration as it was sent, JSON.</summary>
    public string Description { get; init; } = "";

    public long CreatedAt { get; init; }

    public long LastSeenAt { get; init; }

    public long? DeregisteredAt { get; init; }

    public long? UnconfirmedSince { get; init; }

    public long Leased { get; init; }

    public WorkerStatus State => VineJson.Parse<WorkerStatus>(Status);

    public IReadOnlyList<string> RuntimeNames => JsonColumn.Read<List<string>>(Runtimes)!;

    /// <summary>The version of the worker protocol that it speaks.</summary>
    public int Protocol => JsonColumn.Read<RegisterWorkerRequest>(Description)!.Protocol ?? WorkerProtocol.Oldest;

    public WorkerView ToView()
    {
        var described = JsonColumn.Read<RegisterWorkerRequest>(Description)!;
        return new WorkerView
        {
            Id = Id,
            Name = Name,
            Status = State,
            StatusReason = StatusReason,
            Slots = Slots,
            Leased = (int)Leased,
            Runtimes = RuntimeNames,
            Type = described.Type,
            Specializations = described.Specializations,
            Permissions = described.Permissions,
            Labels = described.Labels,
            ContextWindow = described.ContextWindow,
            MaxConcurrentTasks = MaxConcurrent,
            Sandbox = described.Sandbox,
            Version = described.Version,
            Host = described.Host,
            CreatedAt = CreatedAt.Time(),
            LastSeenAt = LastSeenAt.Time(),
            UnconfirmedSince = UnconfirmedSince.Time(),
        };
    }
}

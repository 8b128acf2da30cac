using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Executions;

/// <summary>A row of <c>executions</c>.</summary>
internal sealed class ExecutionRow
{
    public Guid Id { get; init; }

    public Guid TaskId { get; init; }

    public Guid RepositoryId { get; init; }

    public Guid WorkOrderId { get; init; }

    public int Attempt { get; init; }

    public Guid WorkerId { get; init; }

    public string WorkerName { get; init; } = "";

    public Guid ClaimId { get; init; }

    public long LeaseToken { get; init; }

    public string? AgentToken { get; init; }

    public string? SessionId { get; init; }

    public string Runtime { get; init; } = "";

    public string Status { get; init; } = "";

    public string? Error { get; init; }

    public string? Result { get; init; }

    public string? Branch { get; init; }

    public string? BaseCommit { get; init; }

    public string? HeadCommit { get; init; }

    public string? DiffStat { get; init; }

    public long OutputCount { get; init; }

    public long StartedAt { get; init; }

    /// <summary>When its order had last become ready.</summary>
    public long? ReadyAt { get; init; }

    public long? EndedAt { get; init; }

    /// <summary>The number of the newest complete checkpoint.</summary>
    public int? Checkpoint { get; init; }

    /// <summary>The attempt whose files it went on from, with the checkpoint's number.</summary>
    public Guid? ResumedFrom { get; init; }

    public int? ResumedCheckpoint { get; init; }

    /// <summary>The attempt whose conversation it went on with, with the checkpoint's number; perhaps one of another task.</summary>
    public Guid? SessionFrom { get; init; }

    public int? SessionCheckpoint { get; init; }

    /// <summary>JSON: what its task's dependencies had handed back when it, or the attempt that it went on from, was claimed.</summary>
    public string? Dependencies { get; init; }

    /// <summary>The commit that its worker made of these and the target branch, and what the target branch was at.</summary>
    public string? MergedBase { get; init; }

    public string? MergedTarget { get; init; }

    /// <summary>Since when its worker host was not heard of.</summary>
    public long? UnconfirmedSince { get; init; }

    /// <summary>Since when its agent is alive and does nothing.</summary>
    public long? StalledSince { get; init; }

    /// <summary>The account that pays its model calls.</summary>
    public string? Account { get; init; }

    /// <summary>Millionths of a dollar that it may spend in all, where a budget applies.</summary>
    public long Granted { get; init; }

    /// <summary>Those that it is known to have spent.</summary>
    public long Spent { get; init; }

    /// <summary>Those of them that are on record by day.</summary>
    public long Metered { get; init; }

    /// <summary>JSON: the ask that was last refused; null once that much was granted.</summary>
    public string? BudgetRefused { get; init; }

    public RefusedAsk? Refused() => JsonColumn.Read<RefusedAsk>(BudgetRefused);

    public BudgetRefusal? Refusal() => Refused()?.By;

    /// <summary>How it failed.</summary>
    public TaskError? Failure() => JsonColumn.Read<TaskError>(Error);

    public ExecutionStatus State => VineJson.Parse<ExecutionStatus>(Status);

    public ExecutionView ToView() => new()
    {
        Id = Id,
        TaskId = TaskId,
        WorkOrderId = WorkOrderId,
        Attempt = Attempt,
        WorkerId = WorkerId,
        WorkerName = WorkerName,
        SessionId = SessionId,
        Runtime = Runtime,
        Account = Account,
        SpentUsd = Spent.Dollar(),
        Status = State,
        Error = Failure(),
        Result = JsonColumn.Read<TaskResult>(Result),
        Branch = Branch,
        MergedBase = MergedBase,
        OutputCount = OutputCount,
        UnconfirmedSince = UnconfirmedSince.Time(),
        StalledSince = StalledSince.Time(),
        ResumedFrom = ResumedFrom,
        Checkpoint = Checkpoint,
        StartedAt = StartedAt.Time(),
        EndedAt = EndedAt.Time(),
    };
}

using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Executions;

/// <summary>The rows of executions: one per attempt, kept for ever with how it ended.</summary>
internal static class ExecutionRecords
{
    public static Task<ExecutionRow?> FindAsync(IReadSession session, Guid id) =>
        session.FirstOrDefaultAsync<ExecutionRow>(ExecutionsSql.Find, new { Id = id });

    public static async Task<ExecutionRow> GetAsync(IReadSession session, Guid id) =>
        await FindAsync(session, id)
        ?? throw new ProblemException(404, ErrorCodes.ExecutionsNotFound, $"There is no execution {id}. GET /api/v1/tasks/{{id}}/executions lists a task's.");

    /// <summary>The row, under lock until the unit ends.</summary>
    public static async Task<ExecutionRow> LockAsync(IUnitOfWork unit, Guid id)
    {
        await unit.ExecuteAsync(ExecutionsSql.Lock, new { Id = id });
        return await GetAsync(unit, id);
    }

    public static Task<ExecutionRow?> OfClaimAsync(IReadSession session, Guid claimId) =>
        session.FirstOrDefaultAsync<ExecutionRow>(ExecutionsSql.OfClaim, new { ClaimId = claimId });

    public static Task<ExecutionRow?> OfWorkOrderAsync(IReadSession session, Guid workOrderId) =>
        session.FirstOrDefaultAsync<ExecutionRow>(ExecutionsSql.OfWorkOrder, new { WorkOrderId = workOrderId });

    public static async Task BeginAsync(IUnitOfWork unit, ExecutionRow execution)
    {
        if (await unit.ExecuteAsync(ExecutionsSql.Insert, execution) == 0)
        {
            throw ClaimSpent(execution.ClaimId, "another worker said it at the same moment");
        }

        unit.Append(new EventDraft(
            EventTypes.ExecutionStarted,
            TaskId: execution.TaskId,
            WorkOrderId: execution.WorkOrderId,
            ExecutionId: execution.Id,
            WorkerId: execution.WorkerId,
            Data: new { attempt = execution.Attempt, runtime = execution.Runtime, worker = execution.WorkerName }));
    }

    public static ProblemException ClaimSpent(Guid claimId, string why) =>
        new(409, ErrorCodes.QueueClaimSpent, $"Claim {claimId} was used, and {why}. Choose a new claim_id.");

    /// <summary>Ends a running attempt; its agent's token is worthless from here on.</summary>
    public static async Task EndAsync(IUnitOfWork unit, ExecutionRow execution, ExecutionStatus status, TaskError? error, TaskResult? result)
    {
        await unit.ExecuteAsync(ExecutionsSql.End, new
        {
            execution.Id,
            Status = VineJson.Name(status),
            Error = JsonColumn.Write(error),
            Result = JsonColumn.Write(result),
            EndedAt = unit.Now,
            ToldCost = result?.CostUsd?.Micros(),
            ToldInput = result?.Tokens?.Input,
            ToldOutput = result?.Tokens?.Output,
            ToldCacheRead = result?.Tokens?.CacheRead,
            ToldCacheWrite = result?.Tokens?.CacheWrite,
        });
        unit.Append(new EventDraft(
            EventTypes.ExecutionEnded,
            TaskId: execution.TaskId,
            WorkOrderId: execution.WorkOrderId,
            ExecutionId: execution.Id,
            WorkerId: execution.WorkerId,
            Data: new { attempt = execution.Attempt, status = VineJson.Name(status), error, cost_usd = result?.CostUsd }));
    }

    public static Task<IReadOnlyList<ExecutionRow>> RunningOfWorkerAsync(IReadSession session, Guid workerId) =>
        session.QueryAsync<ExecutionRow>(ExecutionsSql.RunningOfWorker, new { WorkerId = workerId });

    /// <summary>Its worker host was not heard of since <paramref name="since"/>: nobody knows whether it still runs.</summary>
    public static async Task UnconfirmAsync(IUnitOfWork unit, ExecutionRow execution, long since)
    {
        if (await unit.ExecuteAsync(ExecutionsSql.Unconfirm, new { execution.Id, Since = since }) == 1)
        {
            Tell(unit, EventTypes.ExecutionUnconfirmed, execution, new { since = since.Time() });
        }
    }

    /// <summary>Its worker says that it runs.</summary>
    public static async Task ConfirmAsync(IUnitOfWork unit, ExecutionRow execution)
    {
        if (execution.UnconfirmedSince is { } since && await unit.ExecuteAsync(ExecutionsSql.Confirm, new { execution.Id }) == 1)
        {
            Tell(unit, EventTypes.ExecutionConfirmed, execution, new { since = since.Time() });
        }
    }

    /// <summary>Running attempts of a repository that were refused to spend.</summary>
    public static Task<IReadOnlyList<ExecutionRow>> RefusedOfRepositoryAsync(IReadSession session, Guid repositoryId) =>
        session.QueryAsync<ExecutionRow>(ExecutionsSql.RefusedOfRepository, new { RepositoryId = repositoryId });

    /// <summary>Notes what an attempt may spend and has spent.</summary>
    public static Task SpendAsync(IUnitOfWork unit, Guid id, long granted, long spent, long metered, RefusedAsk? refused) =>
        unit.ExecuteAsync(ExecutionsSql.Spend, new { Id = id, Granted = granted, Spent = spent, Metered = metered, Refused = JsonColumn.Write(refused) });

    /// <summary>Its agent is alive and does nothing since <paramref name="since"/>, or goes on.</summary>
    public static async Task StallAsync(IUnitOfWork unit, ExecutionRow execution, StallStep step, DateTimeOffset since)
    {
        var stalled = step == StallStep.Recovered ? (long?)null : Math.Min(since.Micros(), unit.Now);
        await unit.ExecuteAsync(ExecutionsSql.Stall, new { execution.Id, Since = stalled });
        Tell(unit, EventTypes.ExecutionStalled, execution, new { step = VineJson.Name(step), since });
    }

    private static void Tell(IUnitOfWork unit, string type, ExecutionRow execution, object data) =>
        unit.Append(new EventDraft(type, TaskId: execution.TaskId, ExecutionId: execution.Id, WorkerId: execution.WorkerId, Data: data));

    /// <summary>Keeps what a superseded or ended attempt sent after its end; it changes no state.</summary>
    public static async Task RecordLateAsync(IUnitOfWork unit, ExecutionRow execution, TaskResult? result, string what)
    {
        // Sent again, it is on record already.
        if (result is not null && await unit.ExecuteAsync(ExecutionsSql.RecordLate, new
        {
            execution.Id,
            Result = JsonColumn.Write(result),
            ToldCost = result.CostUsd?.Micros(),
            ToldInput = result.Tokens?.Input,
            ToldOutput = result.Tokens?.Output,
            ToldCacheRead = result.Tokens?.CacheRead,
            ToldCacheWrite = result.Tokens?.CacheWrite,
        }) == 0)
        {
            return;
        }

        unit.Append(new EventDraft(
            EventTypes.ExecutionSuperseded,
            TaskId: execution.TaskId,
            ExecutionId: execution.Id,
            WorkerId: execution.WorkerId,
            Data: new { what, status = execution.Status }));
    }
}

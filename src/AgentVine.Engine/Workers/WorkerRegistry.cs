using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Tasks.Queue;

namespace AgentVine.Engine.Workers;

/// <summary>Who works for the fleet: registration, status, and what happens to the leases of one that goes.</summary>
internal sealed class WorkerRegistry(Attempts attempts, WorkerAccounts accounts, CommandChannel commands)
{
    /// <summary>The worker while it is registered.</summary>
    public static async Task<WorkerRow?> FindAsync(IReadSession session, Guid id) =>
        await session.FirstOrDefaultAsync<WorkerRow>(WorkersSql.Find, new { Id = id }) is { DeregisteredAt: null } worker ? worker : null;

    public static async Task<WorkerRow> GetAsync(IReadSession session, Guid id)
    {
        var worker = await session.FirstOrDefaultAsync<WorkerRow>(WorkersSql.Find, new { Id = id });
        if (worker is { DeregisteredAt: null })
        {
            return worker;
        }

        throw worker is not null && await session.FirstOrDefaultAsync<WorkerRow>(WorkersSql.OfName, new { worker.Name }) is { } successor
            ? new ProblemException(
                404, ErrorCodes.WorkersSuperseded, $"Worker {worker.Name} is {successor.Id} now, registered after {id}. Stop, or register under a name of your own.")
            : new ProblemException(404, ErrorCodes.WorkersNotFound, $"There is no registered worker {id}. Register with POST /api/v1/workers.");
    }

    /// <summary>Registers a worker; one that had the name before is superseded, and what it ran is lost.</summary>
    public async Task<WorkerRow> RegisterAsync(IUnitOfWork unit, RegisterWorkerRequest request, CancellationToken cancellationToken)
    {
        if (await unit.FirstOrDefaultAsync<WorkerRow>(WorkersSql.OfName, new { request.Name }) is { } former)
        {
            const string Reason = "another worker was started under its name";
            foreach (var order in await RemoveAsync(unit, former, Reason, former.LastSeenAt))
            {
                await attempts.LoseAsync(unit, order, $"worker {former.Name} is gone: {Reason}", cancellationToken);
            }
        }

        var id = Guid.CreateVersion7(unit.Now.Time());
        await unit.ExecuteAsync(WorkersSql.Insert, new
        {
            Id = id,
            request.Name,
            request.Slots,
            MaxConcurrent = request.MaxConcurrentTasks,
            Runtimes = JsonColumn.Write(request.Runtimes),
            Description = JsonColumn.Write(request),
            unit.Now,
        });
        await unit.ExecuteAsync(WorkersSql.UpFrom, new { Id = id, At = unit.Now });
        await accounts.RegisterAsync(unit, id, request);
        unit.Append(new EventDraft(
            EventTypes.WorkerRegistered, WorkerId: id, Data: new { name = request.Name, slots = request.Slots, runtimes = request.Runtimes, sandbox = request.Sandbox }));
        return await GetAsync(unit, id);
    }

    /// <summary>
    /// Takes a worker off the list. What it still has is handed back: a claim that was under way when it drained, which it never saw,
    /// must not cost the task an attempt.
    /// </summary>
    public async Task DeregisterAsync(IUnitOfWork unit, Guid id, CancellationToken cancellationToken)
    {
        var worker = await GetAsync(unit, id);
        foreach (var order in await RemoveAsync(unit, worker, "deregistered", unit.Now))
        {
            await attempts.HandBackAsync(unit, order, $"worker {worker.Name} was deregistered", cancellationToken);
        }
    }

    public static async Task SetStatusAsync(IUnitOfWork unit, WorkerRow worker, WorkerStatus status, string? reason)
    {
        if (worker.State != status || worker.StatusReason != reason)
        {
            await unit.ExecuteAsync(WorkersSql.SetStatus, new { worker.Id, Status = VineJson.Name(status), StatusReason = reason });
            await WorkerAccounts.SetAwakeAsync(unit, worker.Id, IsAwake(status));
            if (status == WorkerStatus.Offline)
            {
                await unit.ExecuteAsync(WorkersSql.UpUntil, new { worker.Id, At = worker.LastSeenAt });
            }

            Tell(unit, worker, status, reason);
        }
    }

    /// <summary>Takes a worker's word of itself. A drain that the server asked for stands until the worker goes.</summary>
    public static async Task BeatAsync(IUnitOfWork unit, WorkerRow worker, WorkerStatus status, string? reason)
    {
        var said = worker.State == WorkerStatus.Draining ? WorkerStatus.Draining : status;
        await unit.ExecuteAsync(WorkersSql.Beat, new { worker.Id, Status = VineJson.Name(said), StatusReason = reason, unit.Now });
        await unit.ExecuteAsync(WorkersSql.UpFrom, new { worker.Id, At = unit.Now });
        if (worker.State != said || worker.StatusReason != reason)
        {
            await WorkerAccounts.SetAwakeAsync(unit, worker.Id, IsAwake(said));
            Tell(unit, worker, said, reason);
        }
    }

    private static bool IsAwake(WorkerStatus status) => status is not (WorkerStatus.Offline or WorkerStatus.Draining);

    private async Task<IReadOnlyList<WorkOrderRow>> RemoveAsync(IUnitOfWork unit, WorkerRow worker, string reason, long heardUntil)
    {
        await unit.ExecuteAsync(WorkersSql.Deregister, new { worker.Id, unit.Now, Reason = reason });
        await unit.ExecuteAsync(WorkersSql.UpUntil, new { worker.Id, At = heardUntil });
        await WorkerAccounts.RemoveAsync(unit, worker.Id);
        Tell(unit, worker, WorkerStatus.Offline, reason);
        unit.OnCommitted(() => commands.Wake(worker.Id));
        return await unit.QueryAsync<WorkOrderRow>(QueueSql.LeasedToWorker, new { WorkerId = worker.Id });
    }

    private static void Tell(IUnitOfWork unit, WorkerRow worker, WorkerStatus status, string? reason) =>
        unit.Append(new EventDraft(
            EventTypes.WorkerStatusChanged,
            WorkerId: worker.Id,
            Data: new { name = worker.Name, from = worker.Status, to = VineJson.Name(status), reason }));
}

using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Tasks.Queue;

namespace AgentVine.Engine.Workers;

/// <summary>Who works for the fleet: registration, status, and what happens to the leases of one that goes.</summary>
internal sealed class WorkerRegistry(Attempts attempts)
{
    public static async Task<WorkerRow> GetAsync(IReadSession session, Guid id)
    {
        var worker = await session.FirstOrDefaultAsync<WorkerRow>(WorkersSql.Find, new { Id = id });
        return worker is { DeregisteredAt: null }
            ? worker
            : throw new ProblemException(404, ErrorCodes.WorkersNotFound, $"There is no registered worker {id}. Register with POST /api/v1/workers.");
    }

    /// <summary>Registers a worker; one that had the name before is superseded, and what it ran is lost.</summary>
    public async Task<WorkerRow> RegisterAsync(IUnitOfWork unit, RegisterWorkerRequest request, CancellationToken cancellationToken)
    {
        if (await unit.FirstOrDefaultAsync<WorkerRow>(WorkersSql.OfName, new { request.Name }) is { } former)
        {
            await RemoveAsync(unit, former, $"worker {former.Name} was started anew", cancellationToken);
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
        unit.Append(new EventDraft(
            EventTypes.WorkerRegistered, WorkerId: id, Data: new { name = request.Name, slots = request.Slots, runtimes = request.Runtimes, sandbox = request.Sandbox }));
        return await GetAsync(unit, id);
    }

    /// <summary>Takes a worker off the list; leases that it still has are lost.</summary>
    public async Task RemoveAsync(IUnitOfWork unit, WorkerRow worker, string reason, CancellationToken cancellationToken)
    {
        await unit.ExecuteAsync(WorkersSql.Deregister, new { worker.Id, unit.Now, Reason = reason });
        Tell(unit, worker, WorkerStatus.Offline, reason);
        foreach (var order in await unit.QueryAsync<WorkOrderRow>(QueueSql.LeasedToWorker, new { WorkerId = worker.Id }))
        {
            await attempts.LoseAsync(unit, order, $"worker {worker.Name} is gone: {reason}", cancellationToken);
        }
    }

    public static async Task SetStatusAsync(IUnitOfWork unit, WorkerRow worker, WorkerStatus status, string? reason)
    {
        if (worker.State != status || worker.StatusReason != reason)
        {
            await unit.ExecuteAsync(WorkersSql.SetStatus, new { worker.Id, Status = VineJson.Name(status), StatusReason = reason });
            Tell(unit, worker, status, reason);
        }
    }

    /// <summary>Takes a worker's word of itself. A drain that the server asked for stands until the worker goes.</summary>
    public static async Task BeatAsync(IUnitOfWork unit, WorkerRow worker, WorkerStatus status, string? reason)
    {
        var said = worker.State == WorkerStatus.Draining ? WorkerStatus.Draining : status;
        await unit.ExecuteAsync(WorkersSql.Beat, new { worker.Id, Status = VineJson.Name(said), StatusReason = reason, unit.Now });
        if (worker.State != said || worker.StatusReason != reason)
        {
            Tell(unit, worker, said, reason);
        }
    }

    private static void Tell(IUnitOfWork unit, WorkerRow worker, WorkerStatus status, string? reason) =>
        unit.Append(new EventDraft(
            EventTypes.WorkerStatusChanged,
            WorkerId: worker.Id,
            Data: new { name = worker.Name, from = worker.Status, to = VineJson.Name(status), reason }));
}

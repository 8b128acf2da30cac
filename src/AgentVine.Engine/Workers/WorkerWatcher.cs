using AgentVine.Contracts.Workers;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Workers;

/// <summary>Shows a worker as offline after three missed heartbeats; none is missed while the server itself was away.</summary>
internal sealed class WorkerWatcher(IStore store, WorkersOptions options, TimeProvider time, ILogger<WorkerWatcher> logger) : Loop(time, logger)
{
    private readonly long _startedAt = time.GetUtcNow().Micros();
    private readonly TimeProvider _time = time;

    protected override TimeSpan Period => options.HeartbeatInterval / 2;

    protected override async Task TurnAsync(CancellationToken cancellationToken)
    {
        var silence = options.HeartbeatInterval * 3;
        var before = _time.GetUtcNow().Micros() - silence.Micros();
        if (before < _startedAt)
        {
            return;
        }

        var silent = await store.ReadAsync(
            Organizations.Default, session => session.QueryAsync<WorkerRow>(WorkersSql.Silent, new { Before = before }), cancellationToken);
        foreach (var worker in silent)
        {
            try
            {
                await store.WriteAsync(Organizations.Default, unit => MissAsync(unit, worker.Id, before), cancellationToken);
            }
            catch (HeardException)
            {
                // Just now, and that unit is undone.
                continue;
            }
        }
    }

    private static async Task<bool> MissAsync(IUnitOfWork unit, Guid workerId, long before)
    {
        if (!await IsSilentAsync(unit, workerId, before))
        {
            return false;
        }

        var worker = await WorkerRegistry.GetAsync(unit, workerId);
        await FleetRestart.UnconfirmAsync(unit, worker);

        // Looked at again under its lock, which is taken after the executions', as a heartbeat takes them.
        await unit.ExecuteAsync(WorkersSql.Lock, new { Id = workerId });
        if (!await IsSilentAsync(unit, workerId, before))
        {
            throw new HeardException();
        }

        await WorkerRegistry.SetStatusAsync(unit, worker, WorkerStatus.Offline, $"silent since {worker.LastSeenAt.Time():yyyy-MM-dd HH:mm:ss}Z");
        return true;
    }

    private static async Task<bool> IsSilentAsync(IUnitOfWork unit, Guid workerId, long before) =>
        await unit.FirstOrDefaultAsync<WorkerRow>(WorkersSql.Find, new { Id = workerId }) is { DeregisteredAt: null } found && found.LastSeenAt < before;

    private sealed class HeardException : Exception;
}

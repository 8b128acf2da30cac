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
            await store.WriteAsync(
                Organizations.Default,
                async unit =>
                {
                    var now = await unit.FirstOrDefaultAsync<WorkerRow>(WorkersSql.Find, new { worker.Id });
                    if (now is { DeregisteredAt: null } && now.LastSeenAt < before)
                    {
                        await FleetRestart.UnconfirmAsync(unit, now);
                        await WorkerRegistry.SetStatusAsync(unit, now, WorkerStatus.Offline, $"silent since {now.LastSeenAt.Time():yyyy-MM-dd HH:mm:ss}Z");
                    }

                    return true;
                },
                cancellationToken);
        }
    }
}

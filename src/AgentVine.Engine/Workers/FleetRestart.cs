using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Workers;

/// <summary>
/// Before the first call is answered: what ran when the server went is shown as unconfirmed since its worker last spoke, until that
/// worker says that it still has it, comes back without it, or its lease lapses.
/// </summary>
internal sealed class FleetRestart(IStore store, WorkersOptions options) : BeforeFirstCall
{
    public override async Task StartingAsync(CancellationToken cancellationToken) => await store.WriteAsync(
        Organizations.Default,
        async unit =>
        {
            // Over a shared database other servers may have heard of them a moment ago.
            var silentBefore = store.Dialect.IsShared ? unit.Now - (options.HeartbeatInterval.Micros() * 3 / 2) : long.MaxValue;
            foreach (var worker in await unit.QueryAsync<WorkerRow>(WorkersSql.Silent, new { Before = silentBefore }))
            {
                await UnconfirmAsync(unit, worker);
            }

            return true;
        },
        cancellationToken);

    /// <summary>Nobody has heard of <paramref name="worker"/> since it last spoke; so nobody knows whether its agents still run.</summary>
    public static async Task UnconfirmAsync(IUnitOfWork unit, WorkerRow worker)
    {
        // The executions before the worker, as a heartbeat takes them.
        foreach (var execution in await ExecutionRecords.RunningOfWorkerAsync(unit, worker.Id))
        {
            await ExecutionRecords.UnconfirmAsync(unit, execution, worker.LastSeenAt);
        }

        await unit.ExecuteAsync(WorkersSql.Unconfirm, new { worker.Id, Since = worker.LastSeenAt });
    }
}

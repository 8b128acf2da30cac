using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>Moves delayed orders on when their time has come.</summary>
internal sealed class DelayPromoter(IStore store, WorkQueue queue, TimeProvider time, ILogger<DelayPromoter> logger) : Loop(time, logger)
{
    private const int PerTurn = 100;
    private readonly TimeProvider _time = time;

    protected override TimeSpan Period => TimeSpan.FromSeconds(1);

    protected override async Task TurnAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow().Micros();
        var due = await store.ReadAsync(
            Organizations.Default, session => session.QueryAsync<WorkOrderRow>(QueueSql.Due, new { Now = now, Limit = PerTurn }), cancellationToken);
        if (due.Count == 0)
        {
            return;
        }

        await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                foreach (var order in await unit.QueryAsync<WorkOrderRow>(QueueSql.Due, new { Now = now, Limit = PerTurn }))
                {
                    await queue.PromoteAsync(unit, order);
                }

                return true;
            },
            cancellationToken);
        if (due.Count == PerTurn)
        {
            Wake();
        }
    }
}

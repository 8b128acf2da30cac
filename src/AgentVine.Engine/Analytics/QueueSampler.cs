using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks.Queue;

namespace AgentVine.Engine.Analytics;

/// <summary>
/// Notes once a minute how deep the queues are: orders leave their table, so that how it stood cannot be asked later. Of several servers
/// the first one's sample stands.
/// </summary>
internal sealed class QueueSampler(IStore store, IEnumerable<IQueueDepthSource> conversations, TimeProvider time, ILogger<QueueSampler> logger)
    : Loop(time, logger)
{
    private static readonly long Minute = TimeSpan.FromMinutes(1).Micros();
    private static readonly TimeSpan Kept = TimeSpan.FromDays(35);
    private readonly TimeProvider _time = time;
    private long _sampled;

    // More often than it writes, so that no minute falls between two turns.
    protected override TimeSpan Period => TimeSpan.FromSeconds(20);

    protected override async Task TurnAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow().Micros();
        var minute = now - (now % Minute);
        if (minute == _sampled)
        {
            return;
        }

        var depths = await store.ReadAsync(
            Organizations.Default, session => ShowQueue.DepthsAsync(session, conversations, now, cancellationToken), cancellationToken);
        await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                foreach (var depth in depths)
                {
                    await unit.ExecuteAsync(
                        AnalyticsSql.InsertSample, new { At = minute, depth.Name, depth.Ready, depth.Held, depth.Delayed, depth.Leased, depth.Dead });
                }

                return await unit.ExecuteAsync(AnalyticsSql.DeleteSamples, new { Before = minute - Kept.Micros() });
            },
            cancellationToken);
        _sampled = minute;
    }
}

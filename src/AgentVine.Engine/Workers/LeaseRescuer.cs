using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Tasks.Queue;

namespace AgentVine.Engine.Workers;

/// <summary>
/// Ends attempts whose lease lapsed. At the server's start, and after a time in which this did not run, every lease gets a full period, so that
/// a server that was away for ten minutes costs ten minutes and no work that went on meanwhile.
/// </summary>
internal sealed partial class LeaseRescuer(IStore store, Attempts attempts, WorkersOptions options, TimeProvider time, ILogger<LeaseRescuer> logger)
    : Loop(time, logger)
{
    private const int PerTurn = 100;
    private readonly ILogger _logger = logger;
    private readonly TimeProvider _time = time;
    private long? _lastTurn;

    protected override TimeSpan Period { get; } = TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerSecond / 2, options.Lease.Ticks / 10));

    protected override async Task TurnAsync(CancellationToken cancellationToken)
    {
        // A machine that slept, or a process that was stopped, could not hear of renewals either.
        var wasAway = _lastTurn is not { } last || _time.GetElapsedTime(last) > options.Lease / 2;
        if (wasAway)
        {
            await store.WriteAsync(
                Organizations.Default,
                async unit => await unit.ExecuteAsync(QueueSql.Rearm, new { LeaseExpiresAt = await unit.LeaseNowAsync() + options.Lease.Micros() }),
                cancellationToken);
        }

        _lastTurn = _time.GetTimestamp();

        var rescued = await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                var expired = await unit.QueryAsync<WorkOrderRow>(QueueSql.Expired, new { LeaseNow = await unit.LeaseNowAsync(), Limit = PerTurn });
                foreach (var order in expired)
                {
                    await attempts.LoseAsync(unit, order, $"its worker renewed no lease for {options.Lease.TotalSeconds:0} s", cancellationToken);
                }

                return expired;
            },
            cancellationToken);
        foreach (var order in rescued)
        {
            LogRescued(_logger, order.TaskId, order.ExecutionId, order.WorkerId);
        }

        if (rescued.Count == PerTurn)
        {
            Wake();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of task {TaskId} (execution {ExecutionId}, worker {WorkerId}) lapsed; the attempt is lost.")]
    private static partial void LogRescued(ILogger logger, Guid taskId, Guid? executionId, Guid? workerId);
}

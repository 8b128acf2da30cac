namespace AgentVine.Engine.Kernel.Http;

/// <summary>Forgets idempotency keys that are older than a day.</summary>
internal sealed partial class IdempotencyKeyCleaner(IStore store, TimeProvider time, ILogger<IdempotencyKeyCleaner> logger) : BackgroundService
{
    /// <summary>How long a key is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    private const string Forget = "delete from idempotency_keys where organization_id = @OrganizationId and created_at < @Before";

    /// <summary>One round; returns how many keys were forgotten.</summary>
    public Task<int> CleanAsync(CancellationToken cancellationToken) =>
        store.WriteAsync(
            Organizations.Default,
            async unit => await unit.ExecuteAsync(Forget, new { Before = unit.Now - (Kept.Ticks / TimeSpan.TicksPerMicrosecond) }),
            cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CleanAsync(stoppingToken);
            }
            catch (StoreUnavailableException exception)
            {
                LogUnavailable(exception, Interval);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old idempotency keys could not be removed; next try in {Interval}")]
    private partial void LogUnavailable(Exception exception, TimeSpan interval);
}

namespace AgentVine.Engine.Kernel.Http;

/// <summary>Forgets idempotency keys that are older than a day.</summary>
internal sealed class IdempotencyKeyCleaner(IStore store, TimeProvider time, ILogger<IdempotencyKeyCleaner> logger) : Loop(time, logger)
{
    /// <summary>How long a key is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private const string Forget = "delete from idempotency_keys where organization_id = @OrganizationId and created_at < @Before";

    protected override TimeSpan Period => TimeSpan.FromMinutes(15);

    /// <summary>One turn; returns how many keys were forgotten.</summary>
    public Task<int> CleanAsync(CancellationToken cancellationToken) =>
        store.WriteAsync(
            Organizations.Default,
            unit => unit.ExecuteAsync(Forget, new { Before = unit.Now - Kept.Micros() }),
            cancellationToken);

    protected override Task TurnAsync(CancellationToken cancellationToken) => CleanAsync(cancellationToken);
}

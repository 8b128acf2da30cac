using AgentVine.Engine.Kernel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentVine.Engine.Observability;

/// <summary>Whether the database can be read and written. Probes are open to everybody, so those that come close together share one look.</summary>
internal sealed partial class StorageHealth(IStore store, TimeProvider time, ILogger<StorageHealth> logger) : IHealthCheck
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Writes a row as it is: a full disk or a lost connection shows, and nothing changes.
    private const string Touch = "update organizations set name = name where id = @OrganizationId";
    private const string Look = "select count(*) from organizations where id = @OrganizationId";

    private readonly Lock _lock = new();
    private Task<HealthCheckResult>? _last;
    private long _at;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_last is null || (_last.IsCompleted && time.GetElapsedTime(_at) > Fresh))
            {
                _at = time.GetTimestamp();
                _last = ProbeAsync();
            }

            return _last.WaitAsync(cancellationToken);
        }
    }

    private async Task<HealthCheckResult> ProbeAsync()
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            await store.ReadAsync(Organizations.Default, read => read.FirstOrDefaultAsync<long>(Look), patience.Token);
            await store.WriteAsync(Organizations.Default, unit => unit.ExecuteAsync(Touch), patience.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception)
        {
            // Whatever it is, it is the answer to the question asked; the log has what a caller must not see.
            LogUnhealthy(exception);
            return HealthCheckResult.Unhealthy(
                exception is OperationCanceledException
                    ? $"The database did not answer within {Patience.TotalSeconds} seconds."
                    : "The database cannot be read or written; the server's log says why. 'vine doctor' looks at disk and connection.");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database did not pass its health check")]
    private partial void LogUnhealthy(Exception exception);
}

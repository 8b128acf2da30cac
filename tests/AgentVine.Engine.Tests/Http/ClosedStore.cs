using AgentVine.Engine.Kernel;
using AgentVine.Storage.Sqlite;

namespace AgentVine.Engine.Tests.Http;

/// <summary>A store whose database cannot be reached.</summary>
internal sealed class ClosedStore : IStore
{
    public event Action<Guid, long>? EventsCommitted
    {
        add { }
        remove { }
    }

    public ISqlDialect Dialect => SqliteDialect.Instance;

    public Task MigrateAsync(CancellationToken cancellationToken) => throw Fault();

    public Task<T> WriteAsync<T>(Guid organizationId, Func<IUnitOfWork, Task<T>> work, CancellationToken cancellationToken) => throw Fault();

    public Task<T> ReadAsync<T>(Guid organizationId, Func<IReadSession, Task<T>> read, CancellationToken cancellationToken) => throw Fault();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static StoreUnavailableException Fault() => new("disk I/O error on /secret/path");
}

using AgentVine.Engine.Kernel;

namespace AgentVine.Testing.Conformance;

/// <summary>A store that counts what is asked of it.</summary>
internal sealed class QueueStoreWatch(IStore store) : IStore
{
    private int _writes;
    private int _reads;

    public event Action<Guid, long>? EventsCommitted
    {
        add => store.EventsCommitted += value;
        remove => store.EventsCommitted -= value;
    }

    public ISqlDialect Dialect => store.Dialect;

    /// <summary>Units opened so far.</summary>
    public int Writes => Volatile.Read(ref _writes);

    /// <summary>Snapshots opened so far.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Runs before each read, as when somebody hangs up just then.</summary>
    public Action? OnRead { get; set; }

    public Task MigrateAsync(CancellationToken cancellationToken) => store.MigrateAsync(cancellationToken);

    public Task<T> WriteAsync<T>(Guid organizationId, Func<IUnitOfWork, Task<T>> work, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _writes);
        return store.WriteAsync(organizationId, work, cancellationToken);
    }

    public Task<T> ReadAsync<T>(Guid organizationId, Func<IReadSession, Task<T>> read, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        OnRead?.Invoke();
        return store.ReadAsync(organizationId, read, cancellationToken);
    }

    /// <summary>The store belongs to the test's database.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

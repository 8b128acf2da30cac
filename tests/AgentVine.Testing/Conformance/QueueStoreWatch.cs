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

    /// <summary>Runs before each unit that writes.</summary>
    public Func<Task>? OnWrite { get; set; }

    /// <summary>Runs within a unit before each of its statements, as when somebody else is faster just then.</summary>
    public Func<string, Task>? OnStatement { get; set; }

    public Task MigrateAsync(CancellationToken cancellationToken) => store.MigrateAsync(cancellationToken);

    public async Task<T> WriteAsync<T>(Guid organizationId, Func<IUnitOfWork, Task<T>> work, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _writes);
        await (OnWrite?.Invoke() ?? Task.CompletedTask);
        return await store.WriteAsync(organizationId, unit => work(OnStatement is null ? unit : new WatchedUnit(unit, this)), cancellationToken);
    }

    public Task<T> ReadAsync<T>(Guid organizationId, Func<IReadSession, Task<T>> read, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        OnRead?.Invoke();
        return store.ReadAsync(organizationId, read, cancellationToken);
    }

    /// <summary>The store belongs to the test's database.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class WatchedUnit(IUnitOfWork unit, QueueStoreWatch watch) : IUnitOfWork
    {
        public Guid OrganizationId => unit.OrganizationId;

        public long Now => unit.Now;

        public Task<long> LeaseNowAsync() => unit.LeaseNowAsync();

        public async Task<int> ExecuteAsync(string sql, object? parameters = null)
        {
            await TellAsync(sql);
            return await unit.ExecuteAsync(sql, parameters);
        }

        public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
        {
            await TellAsync(sql);
            return await unit.QueryAsync<T>(sql, parameters);
        }

        public async Task<T?> FirstOrDefaultAsync<T>(string sql, object? parameters = null)
        {
            await TellAsync(sql);
            return await unit.FirstOrDefaultAsync<T>(sql, parameters);
        }

        public void Append(EventDraft draft) => unit.Append(draft);

        public void OnCommitted(Action effect) => unit.OnCommitted(effect);

        private Task TellAsync(string sql) => watch.OnStatement?.Invoke(sql) ?? Task.CompletedTask;
    }
}

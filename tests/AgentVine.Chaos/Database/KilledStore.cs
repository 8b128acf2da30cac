using System.Globalization;
using AgentVine.Chaos.Fleet;
using AgentVine.Engine.Kernel;

namespace AgentVine.Chaos.Database;

/// <summary>A store whose database is killed with all its processes, once, around the commit that a fault names.</summary>
internal sealed class KilledStore(IStore store, DatabaseFault? fault, string postmaster) : IStore
{
    private int _passes;

    public event Action<Guid, long>? EventsCommitted
    {
        add => store.EventsCommitted += value;
        remove => store.EventsCommitted -= value;
    }

    public ISqlDialect Dialect => store.Dialect;

    public Task MigrateAsync(CancellationToken cancellationToken) => store.MigrateAsync(cancellationToken);

    public async Task<T> WriteAsync<T>(Guid organizationId, Func<IUnitOfWork, Task<T>> work, CancellationToken cancellationToken)
    {
        if (fault is null)
        {
            return await store.WriteAsync(organizationId, work, cancellationToken);
        }

        var isIts = false;
        var answer = await store.WriteAsync(
            organizationId,
            async unit =>
            {
                var watched = new WatchedUnit(unit, fault.EventType);
                var answer = await work(watched);
                isIts = watched.Tells;
                if (isIts && !fault.IsAfter)
                {
                    Strike();
                }

                return answer;
            },
            cancellationToken);
        if (isIts && fault.IsAfter)
        {
            Strike();
        }

        return answer;
    }

    public Task<T> ReadAsync<T>(Guid organizationId, Func<IReadSession, Task<T>> read, CancellationToken cancellationToken) =>
        store.ReadAsync(organizationId, read, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private void Strike()
    {
        if (Interlocked.Increment(ref _passes) != fault!.Pass)
        {
            return;
        }

        foreach (var pid in Processes.Tree(int.Parse(postmaster, CultureInfo.InvariantCulture)))
        {
            Processes.Kill(pid);
        }
    }

    private sealed class WatchedUnit(IUnitOfWork unit, string eventType) : IUnitOfWork
    {
        public bool Tells { get; private set; }

        public Guid OrganizationId => unit.OrganizationId;

        public long Now => unit.Now;

        public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) => unit.QueryAsync<T>(sql, parameters);

        public Task<T?> FirstOrDefaultAsync<T>(string sql, object? parameters = null) => unit.FirstOrDefaultAsync<T>(sql, parameters);

        public Task<long> LeaseNowAsync() => unit.LeaseNowAsync();

        public Task<int> ExecuteAsync(string sql, object? parameters = null) => unit.ExecuteAsync(sql, parameters);

        public void Append(EventDraft draft)
        {
            Tells |= draft.Type == eventType;
            unit.Append(draft);
        }

        public void OnCommitted(Action effect) => unit.OnCommitted(effect);
    }
}

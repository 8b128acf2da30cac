using AgentVine.Engine.Kernel;
using Xunit;

namespace AgentVine.Testing.Databases;

/// <summary>A class fixture: a database of its own for the class, migrated, with the store under test on it.</summary>
public abstract class TestDatabase : IAsyncLifetime
{
    private IStore? _store;

    /// <summary>The store; after <see cref="ReopenAsync"/> another one on the same database.</summary>
    public IStore Store => _store ?? throw new InvalidOperationException("The fixture is not initialized.");

    public virtual async ValueTask InitializeAsync()
    {
        _store = Open(TimeProvider.System);
        await _store.MigrateAsync(CancellationToken.None);
    }

    /// <summary>Closes the store and opens another on the same database, as a restart does.</summary>
    public async Task ReopenAsync(TimeProvider? timeProvider = null)
    {
        await Store.DisposeAsync();
        _store = Open(timeProvider ?? TimeProvider.System);
        await _store.MigrateAsync(CancellationToken.None);
    }

    /// <summary>An organization of its own, so that facts of one class do not see each other's rows and sequences.</summary>
    public async Task<Guid> AddOrganizationAsync()
    {
        var id = Guid.NewGuid();
        await Store.WriteAsync(
            id,
            async unit =>
            {
                await unit.ExecuteAsync("insert into organizations (id, name, created_at) values (@OrganizationId, 'test', 0)");
                return await unit.ExecuteAsync("insert into event_counters (organization_id, last_sequence) values (@OrganizationId, 0)");
            },
            CancellationToken.None);
        return id;
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Opens a store on the database.</summary>
    protected abstract IStore Open(TimeProvider timeProvider);
}

namespace AgentVine.Engine.Kernel;

/// <summary>
/// The one way into the database. All SQL is constant text that both engines take; times are microseconds in UTC, ids are text.
/// </summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>What this engine writes differently.</summary>
    ISqlDialect Dialect { get; }

    /// <summary>Called after each commit that appended events, with the organization and its last sequence. Must not block or throw.</summary>
    event Action<Guid, long>? EventsCommitted;

    /// <summary>Brings the schema up to date; safe to call from several processes at once.</summary>
    /// <exception cref="StoreRefusedException">The database is newer than this program, or an applied script has changed since.</exception>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Runs one unit of work: all of it is durable when the returned task completes, or none of it is there when it throws.
    /// The delegate may run more than once (its group's transaction was lost to another's fault, a serialization failure), so
    /// everything that it does outside the database goes through <see cref="IUnitOfWork.OnCommitted"/>. Units of one organization
    /// commit in the order of their event sequences. A statement that fails undoes the unit, even when the delegate swallows the
    /// exception. The delegate awaits nothing but its own unit's calls, and does not call the store. A unit that waits can be
    /// cancelled; one that has begun cannot.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The database cannot commit now (disk full, connection lost); nothing was stored.</exception>
    Task<T> WriteAsync<T>(Guid organizationId, Func<IUnitOfWork, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>Runs reads against one snapshot, which does not see units that commit meanwhile.</summary>
    Task<T> ReadAsync<T>(Guid organizationId, Func<IReadSession, Task<T>> read, CancellationToken cancellationToken);
}

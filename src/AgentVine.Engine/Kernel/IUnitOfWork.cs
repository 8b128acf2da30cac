namespace AgentVine.Engine.Kernel;

/// <summary>One unit of work: statements that are stored together with the events that tell of them.</summary>
public interface IUnitOfWork : IReadSession
{
    /// <summary>The unit's moment, microseconds in UTC; the same throughout the unit.</summary>
    long Now { get; }

    /// <summary>
    /// The moment by the clock that leases run on, in microseconds: process-monotonic for SQLite, the database's own for PostgreSQL.
    /// Comparable only with other values of this method; on SQLite, only with those of this process: leases are re-armed at start.
    /// </summary>
    Task<long> LeaseNowAsync();

    /// <summary>Runs a statement and returns the number of rows it touched.</summary>
    Task<int> ExecuteAsync(string sql, object? parameters = null);

    /// <summary>Adds a fact to the organization's log; it takes its sequence as the unit's last statement.</summary>
    void Append(EventDraft draft);

    /// <summary>Runs <paramref name="effect"/> once the unit is durable, and never when it is not. Must not block or throw.</summary>
    void OnCommitted(Action effect);
}

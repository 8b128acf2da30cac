namespace AgentVine.Engine.Kernel;

/// <summary>The few statements and names that SQLite and PostgreSQL need differently.</summary>
public interface ISqlDialect
{
    /// <summary><c>sqlite</c> or <c>postgres</c>; also the infix of a migration's sibling, as in <c>0002_queue.postgres.sql</c>.</summary>
    string Name { get; }

    /// <summary>Whether several servers share the database; else all that uses it is this process.</summary>
    bool IsShared { get; }

    /// <summary>Appended to a select that takes rows for update and passes over those another transaction holds; empty where there is one writer.</summary>
    string ForUpdateSkipLocked { get; }
}

using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Storage;
using Microsoft.Extensions.Logging;

namespace AgentVine.Storage.Sqlite;

/// <summary>A unit in the writer's line: what it does, who waits for it, and how its latest run went.</summary>
internal abstract class PendingUnit(Guid organizationId)
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Cancelled = 2;

    // The caller's trace and log scopes, which the writer's thread does not have.
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private int _state = Waiting;

    public Guid OrganizationId { get; } = organizationId;

    /// <summary>Why the latest run failed, or null.</summary>
    public Exception? Error { get; private set; }

    /// <summary>The latest run's unit.</summary>
    public SqliteUnit? Unit { get; private set; }

    /// <summary>False when its caller gave up waiting before.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _state, Begun, Waiting) == Waiting;

    /// <summary>Takes it out of the line, unless it has begun.</summary>
    public void Cancel(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Cancelled, Waiting) == Waiting)
        {
            Abandon(cancellationToken);
        }
    }

    /// <summary>Runs the work once; how it went is in <see cref="Error"/>.</summary>
    public void Run(SqliteUnit unit)
    {
        Unit = unit;
        Error = null;
        try
        {
            InContext(() => Attempt(unit));
            Error = unit.Failure;
            if (Error is null)
            {
                unit.StoreEvents();
            }
        }
        catch (Exception exception)
        {
            // A fault of the database is the reason, whatever the work made of it.
            Error = SqliteFaults.IsFault(unit.Failure) ? unit.Failure : exception;
        }
        finally
        {
            unit.Close();
        }
    }

    /// <summary>Runs its effects, once it is durable.</summary>
    public void RunEffects(ILogger logger)
    {
        if (Unit is { Effects.Count: > 0 } unit)
        {
            InContext(() => CommitNews.Run(unit.Effects, logger));
        }
    }

    /// <summary>Tells the caller that it is stored.</summary>
    public abstract void Acknowledge();

    /// <summary>Tells the caller that nothing of it is.</summary>
    public abstract void Fail(Exception exception);

    protected abstract void Abandon(CancellationToken cancellationToken);

    protected abstract void Attempt(IUnitOfWork unit);

    private void InContext(Action action)
    {
        if (_context is null)
        {
            action();
        }
        else
        {
            ExecutionContext.Run(_context, static state => ((Action)state!)(), action);
        }
    }
}

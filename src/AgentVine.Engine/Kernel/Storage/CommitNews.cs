
namespace AgentVine.Engine.Kernel.Storage;

/// <summary>Runs what waits for a commit. By then nothing may undo or hide the commit, so that what throws is logged, and the rest goes on.</summary>
public static partial class CommitNews
{
    /// <summary>Runs the effects of a unit that is durable.</summary>
    public static void Run(IEnumerable<Action> effects, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(effects);
        foreach (var effect in effects)
        {
            Guard(effect, logger);
        }
    }

    /// <summary>Tells the handlers of <see cref="IStore.EventsCommitted"/>.</summary>
    public static void Tell(Action<Guid, long>? handlers, Guid organizationId, long lastSequence, ILogger logger)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            Guard(() => handler(organizationId, lastSequence), logger);
        }
    }

    private static void Guard(Action action, ILogger logger)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            LogFailed(logger, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What should follow a commit threw; the commit stands")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

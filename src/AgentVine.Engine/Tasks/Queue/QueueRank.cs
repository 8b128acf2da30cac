using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>
/// The one number that orders the queue, smallest first: the moment of filing plus an offset by class. The offset is the aging:
/// a normal task that has waited an hour stands level with a high one that is filed now, and so does a low one after two.
/// </summary>
public static class QueueRank
{
    /// <summary>How long a class waits until it stands level with a new one of the class above.</summary>
    public static TimeSpan AgingPerClass { get; } = TimeSpan.FromHours(1);

    /// <summary>The rank of a task of <paramref name="priority"/> filed at <paramref name="filedAt"/> (microseconds in UTC).</summary>
    public static long Of(TaskPriority priority, long filedAt) => filedAt + ((int)priority * AgingPerClass.Micros());

    /// <summary>The queue of a class.</summary>
    public static string QueueOf(TaskPriority priority) => priority switch
    {
        TaskPriority.High => QueueNames.HighPriority,
        TaskPriority.Low => QueueNames.LowPriority,
        _ => QueueNames.Default,
    };

    /// <summary>What a claim asks for: a queue's orders for one runtime.</summary>
    public static string Lane(string queue, string runtime) => $"{queue}/{runtime}";

    /// <summary>The runtime of a lane.</summary>
    public static string RuntimeOf(string lane) => lane[(lane.IndexOf('/', StringComparison.Ordinal) + 1)..];
}

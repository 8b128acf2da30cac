using System.Reflection;
using AgentVine.Contracts.Events;
using AgentVine.Engine.Kernel.Http;

namespace AgentVine.Engine.Kernel.Events;

/// <summary>Which events a reader asks for. <paramref name="After"/> is 0 when absent.</summary>
internal sealed record EventFilter(long After, Guid? TaskId, IReadOnlyList<string> Types)
{
    private static readonly string[] KnownTypes =
    [
        .. typeof(EventTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Order(),
    ];

    public static EventFilter Read(Query query) =>
        new(query.Long("after", 0, long.MaxValue, 0), query.Guid("task_id"), query.OneOf("types", KnownTypes));

    /// <summary>As <see cref="Read"/>, where the address names the task.</summary>
    public static EventFilter ReadOfTask(Query query) => new(query.Long("after", 0, long.MaxValue, 0), null, query.OneOf("types", KnownTypes));

    public Task<EventPage> PageAsync(IReadSession session, long after, int limit) =>
        EventLog.ReadAsync(session, after, limit, TaskId, Types);
}

using System.Globalization;
using AgentVine.Contracts;
using AgentVine.Contracts.Events;

namespace AgentVine.Engine.Kernel.Events;

/// <summary>Reads an organization's log of events: gapless, in commit order, from 1.</summary>
internal static class EventLog
{
    /// <summary>The last sequence of the session's snapshot, 0 for an empty log. A list answers with it as <c>Event-Sequence</c>.</summary>
    public static async Task<long> LastSequenceAsync(IReadSession session) => (await StateAsync(session)).LastSequence;

    /// <summary>The sequence after which the oldest event follows that is still there.</summary>
    public static async Task<long> PrunedThroughAsync(IReadSession session) => (await StateAsync(session)).PrunedThrough;

    /// <summary>The events that come after <paramref name="after"/>.</summary>
    /// <param name="session">The snapshot.</param>
    /// <param name="after">A sequence that the reader has seen, or 0.</param>
    /// <param name="limit">Events, at most.</param>
    /// <param name="taskId">Only what is about this task.</param>
    /// <param name="types">Only these types; all when empty.</param>
    /// <exception cref="ProblemException">410 <c>events.pruned</c>: some that follow are past retention.</exception>
    public static async Task<EventPage> ReadAsync(
        IReadSession session, long after, int limit, Guid? taskId = null, IReadOnlyCollection<string>? types = null)
    {
        var state = await StateAsync(session);
        if (after < state.PrunedThrough)
        {
            throw new ProblemException(
                410,
                ErrorCodes.EventsPruned,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Events after {after} are past retention; the oldest kept is {state.PrunedThrough + 1}. ")
                + "List anew, and follow from the list's Event-Sequence header.");
        }

        var parameters = new { After = after, Limit = limit, TaskId = taskId, Types = types is { Count: > 0 } ? $",{string.Join(',', types)}," : "" };
        var rows = await session.QueryAsync<EventRow>(taskId is null ? EventLogSql.All : EventLogSql.OfTask, parameters);
        var through = rows.Count == limit ? rows[^1].Sequence : Math.Max(after, state.LastSequence);
        return new EventPage([.. rows.Select(row => row.ToView())], through, state.LastSequence);
    }

    private static async Task<LogState> StateAsync(IReadSession session) =>
        await session.FirstOrDefaultAsync<LogState>(EventLogSql.State) ?? new LogState(0, 0);

    private sealed record LogState(long LastSequence, long PrunedThrough);

    private sealed record EventRow(
        long Sequence,
        string Type,
        Guid? TaskId,
        Guid? WorkOrderId,
        Guid? ExecutionId,
        Guid? SessionId,
        Guid? RequestId,
        Guid? WorkerId,
        string? Data,
        long At)
    {
        public EventView ToView() => new()
        {
            Sequence = Sequence,
            Type = Type,
            At = At.Time(),
            TaskId = TaskId,
            WorkOrderId = WorkOrderId,
            ExecutionId = ExecutionId,
            SessionId = SessionId,
            RequestId = RequestId,
            WorkerId = WorkerId,
            Data = JsonColumn.Element(Data),
        };
    }
}

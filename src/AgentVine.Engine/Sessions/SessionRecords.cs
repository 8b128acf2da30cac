using System.Globalization;
using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Sessions;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Sessions;

/// <summary>The rows of sessions: which agent conversation works on which attempt.</summary>
internal static class SessionRecords
{
    public static Task<SessionRow?> OfExecutionAsync(IReadSession session, Guid executionId) =>
        session.FirstOrDefaultAsync<SessionRow>(SessionsSql.OfExecution, new { ExecutionId = executionId });

    /// <summary>Maps a conversation to an attempt, or tells that the attempt's conversation has another id now.</summary>
    public static async Task<SessionRow> OpenAsync(IUnitOfWork unit, SessionRow opened)
    {
        var existing = await OfExecutionAsync(unit, opened.ExecutionId);
        if (existing is null)
        {
            await unit.ExecuteAsync(SessionsSql.Insert, opened);
        }
        else
        {
            await unit.ExecuteAsync(SessionsSql.Rename, new { existing.Id, opened.SessionId, Model = opened.Model ?? existing.Model, unit.Now });
        }

        if (existing?.SessionId != opened.SessionId)
        {
            unit.Append(new EventDraft(
                EventTypes.SessionOpened,
                TaskId: opened.TaskId,
                ExecutionId: opened.ExecutionId,
                SessionId: existing?.Id ?? opened.Id,
                WorkerId: opened.WorkerId,
                Data: new { session_id = opened.SessionId, runtime = opened.Runtime, model = opened.Model, replaces = existing?.SessionId }));
        }

        return (await OfExecutionAsync(unit, opened.ExecutionId))!;
    }

    public static async Task SetStatusAsync(IUnitOfWork unit, Guid executionId, SessionStatus status)
    {
        if (await unit.ExecuteAsync(SessionsSql.SetStatus, new { ExecutionId = executionId, Status = VineJson.Name(status), unit.Now }) > 0)
        {
            await TellAsync(unit, executionId, new { status = VineJson.Name(status) });
        }
    }

    public static Task TouchAsync(IUnitOfWork unit, Guid executionId, DateTimeOffset at) =>
        unit.ExecuteAsync(SessionsSql.Touch, new { ExecutionId = executionId, At = Math.Min(at.Micros(), unit.Now) });

    public static async Task EndAsync(IUnitOfWork unit, Guid executionId, SessionEndReason reason, decimal? costUsd)
    {
        var ended = await unit.ExecuteAsync(SessionsSql.End, new
        {
            ExecutionId = executionId,
            Reason = VineJson.Name(reason),
            CostUsd = costUsd?.ToString(CultureInfo.InvariantCulture),
            unit.Now,
        });
        if (ended > 0)
        {
            await TellAsync(unit, executionId, new { status = "terminated", reason = VineJson.Name(reason) });
        }
    }

    private static async Task TellAsync(IUnitOfWork unit, Guid executionId, object data)
    {
        var session = await OfExecutionAsync(unit, executionId);
        unit.Append(new EventDraft(
            EventTypes.SessionStatusChanged, TaskId: session!.TaskId, ExecutionId: executionId, SessionId: session.Id, WorkerId: session.WorkerId, Data: data));
    }
}

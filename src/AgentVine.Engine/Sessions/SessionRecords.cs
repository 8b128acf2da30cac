using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Sessions;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Sessions;

/// <summary>The rows of sessions: which conversation works on which attempt, and what becomes of it when the attempt is over.</summary>
internal static class SessionRecords
{
    public static Task<SessionRow?> OfExecutionAsync(IReadSession session, Guid executionId) =>
        session.FirstOrDefaultAsync<SessionRow>(SessionsSql.OfExecution, new { ExecutionId = executionId });

    public static Task<IReadOnlyList<SessionRow>> OfTaskAsync(IReadSession session, Guid taskId) =>
        session.QueryAsync<SessionRow>(SessionsSql.OfTask, new { TaskId = taskId });

    public static async Task<SessionRow> GetAsync(IReadSession session, Guid id) =>
        await session.FirstOrDefaultAsync<SessionRow>(SessionsSql.Find, new { Id = id })
        ?? throw new ProblemException(404, ErrorCodes.SessionsNotFound, $"There is no session {id}. GET /api/v1/sessions lists them; their id is not the agent program's session_id.");

    /// <summary>Takes the worker's word that <paramref name="opened"/> works on its attempt now.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="opened">The conversation, as a row would be that begins now.</param>
    /// <param name="attemptBegan">When the attempt was claimed: what is older was there before it.</param>
    /// <exception cref="ProblemException">409 <c>sessions.mapping_invalid</c>: another attempt has that conversation.</exception>
    public static async Task<SessionRow> OpenAsync(IUnitOfWork unit, SessionRow opened, long attemptBegan)
    {
        var current = await OfExecutionAsync(unit, opened.ExecutionId);
        if (current?.SessionId == opened.SessionId)
        {
            await unit.ExecuteAsync(SessionsSql.Rename, new { current.Id, opened.SessionId, Model = opened.Model ?? current.Model, unit.Now });
            return await GetAsync(unit, current.Id);
        }

        var known = await unit.FirstOrDefaultAsync<SessionRow>(SessionsSql.OfAgentId, new { opened.SessionId });
        if (known is not null && known.State != SessionStatus.Terminated)
        {
            throw Foreign(opened.SessionId, opened.ExecutionId, $"it is execution {known.ExecutionId}'s");
        }

        if (current is not null && current.CreatedAt >= attemptBegan)
        {
            await unit.ExecuteAsync(SessionsSql.Rename, new { current.Id, opened.SessionId, Model = opened.Model ?? current.Model, unit.Now });
        }
        else
        {
            await EndRowAsync(unit, current, SessionEndReason.Error);
            await unit.ExecuteAsync(SessionsSql.Insert, opened);
        }

        var session = (await OfExecutionAsync(unit, opened.ExecutionId))!;
        unit.Append(new EventDraft(
            EventTypes.SessionOpened,
            TaskId: opened.TaskId,
            ExecutionId: opened.ExecutionId,
            SessionId: session.Id,
            WorkerId: opened.WorkerId,
            Data: new { session_id = opened.SessionId, runtime = opened.Runtime, model = opened.Model, replaces = current?.SessionId }));
        return session;
    }

    /// <summary>Gives a conversation to the attempt that goes on with it, from the claim on.</summary>
    public static async Task MoveAsync(IUnitOfWork unit, SessionRow session, Guid taskId, Guid executionId, Guid workerId)
    {
        var served = session.TasksServed + (session.TaskId == taskId ? 0 : 1);
        await unit.ExecuteAsync(SessionsSql.Move, new { session.Id, TaskId = taskId, ExecutionId = executionId, WorkerId = workerId, TasksServed = served, unit.Now });
        await TellAsync(unit, executionId, new { status = "active", resumed = session.TaskId == taskId, reused = session.TaskId != taskId });
    }

    /// <summary>Takes the session's own word of itself.</summary>
    /// <exception cref="ProblemException">409 <c>sessions.mapping_invalid</c>: session and attempt do not belong together.</exception>
    public static async Task BeatAsync(IUnitOfWork unit, Guid id, SessionHeartbeat beat)
    {
        var session = await GetAsync(unit, id);
        if (session.ExecutionId != beat.ExecutionId || session.SessionId != beat.SessionId || session.State == SessionStatus.Terminated)
        {
            throw Foreign(beat.SessionId!, beat.ExecutionId!.Value, $"session {id} is '{session.SessionId}' of execution {session.ExecutionId}, {session.Status}");
        }

        await unit.ExecuteAsync(SessionsSql.Beat, new
        {
            Id = id,
            ContextTokens = beat.ContextTokens ?? session.ContextTokens,
            ContextWindow = beat.ContextWindow ?? session.ContextWindow,
            CostUsd = session.CostWith(beat.CostUsd),
            At = Math.Min(beat.ProgressAt?.Micros() ?? session.LastActivityAt, unit.Now),
        });
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

    /// <summary>Notes where the conversation's newest transcript is.</summary>
    public static Task NoteCheckpointAsync(IUnitOfWork unit, Guid executionId, string sessionId, int n) =>
        unit.ExecuteAsync(SessionsSql.NoteCheckpoint, new { ExecutionId = executionId, SessionId = sessionId, N = n });

    /// <summary>The attempt is over and its conversation is kept: for the task's next attempt, or for people's answers.</summary>
    public static async Task KeepAsync(IUnitOfWork unit, Guid executionId, SessionStatus status, decimal? costUsd)
    {
        if (await OfExecutionAsync(unit, executionId) is { } session && session.State != SessionStatus.Terminated)
        {
            await unit.ExecuteAsync(SessionsSql.Keep, new { session.Id, Status = VineJson.Name(status), CostUsd = session.CostWith(costUsd), unit.Now });
            await TellAsync(unit, executionId, new { status = VineJson.Name(status) });
        }
    }

    public static async Task EndAsync(IUnitOfWork unit, Guid executionId, SessionEndReason reason, decimal? costUsd)
    {
        if (await OfExecutionAsync(unit, executionId) is { } session && session.State != SessionStatus.Terminated)
        {
            await unit.ExecuteAsync(SessionsSql.SetCost, new { session.Id, CostUsd = session.CostWith(costUsd) });
            await EndRowAsync(unit, session, reason);
        }
    }

    public static async Task EndRowAsync(IUnitOfWork unit, SessionRow? session, SessionEndReason reason)
    {
        if (session is not null && await unit.ExecuteAsync(SessionsSql.End, new { session.Id, session.ExecutionId, Reason = VineJson.Name(reason), unit.Now }) > 0)
        {
            Tell(unit, session, new { status = "terminated", reason = VineJson.Name(reason) });
        }
    }

    private static ProblemException Foreign(string sessionId, Guid executionId, string because) => new(
        409,
        ErrorCodes.SessionsMapping,
        $"Session '{sessionId}' and execution {executionId} do not belong together: {because}. Open the attempt's session with POST /api/v1/sessions.");

    private static async Task TellAsync(IUnitOfWork unit, Guid executionId, object data) => Tell(unit, (await OfExecutionAsync(unit, executionId))!, data);

    private static void Tell(IUnitOfWork unit, SessionRow session, object data) => unit.Append(new EventDraft(
        EventTypes.SessionStatusChanged,
        TaskId: session.TaskId,
        ExecutionId: session.ExecutionId,
        SessionId: session.Id,
        WorkerId: session.WorkerId,
        Data: data));
}

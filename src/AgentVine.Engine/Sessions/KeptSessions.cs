using AgentVine.Contracts.Sessions;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Sessions;

/// <summary>
/// Which conversations outlive their attempt: those of unfinished tasks for the next attempt, those of finished ones, few and for a
/// while, for the next similar task.
/// </summary>
internal sealed class KeptSessions(SessionsOptions options)
{
    /// <summary>Whether an attempt may go on with <paramref name="session"/>, a conversation of its own task.</summary>
    public bool MayResume(SessionRow session, Guid taskId) =>
        options.ContextPreservation
        && session.TaskId == taskId
        && (session.State != SessionStatus.Terminated
            || session.ToView().EndReason is SessionEndReason.WorkerLost or SessionEndReason.Interrupted or SessionEndReason.Error);

    /// <summary>The free session that suits a task best, on the worker that had it where possible; null when there is none.</summary>
    public async Task<SessionRow?> FindSimilarAsync(IUnitOfWork unit, SessionRow wanted, string forUpdate)
    {
        if (!options.ReuseForSimilarTasks)
        {
            return null;
        }

        return await unit.FirstOrDefaultAsync<SessionRow>(
            SessionsSql.Similar + forUpdate,
            new
            {
                wanted.RepositoryId,
                wanted.TaskType,
                wanted.PermissionLevel,
                wanted.Runtime,
                Model = wanted.AskedModel ?? "",
                wanted.WorkerId,
                CreatedAfter = unit.Now - options.MaxSessionAge.Micros(),
                ActiveAfter = unit.Now - options.MaxIdleTime.Micros(),
            });
    }

    /// <summary>A task is completed for good: its conversation waits for a similar one, or ends.</summary>
    public async Task FreeAsync(IUnitOfWork unit, Guid taskId)
    {
        foreach (var session in await unit.QueryAsync<SessionRow>(SessionsSql.KeptOfTask, new { TaskId = taskId }))
        {
            if (!options.ReuseForSimilarTasks || session.CheckpointExecution is null)
            {
                await SessionRecords.EndRowAsync(unit, session, SessionEndReason.Completed);
            }
            else if (session.ContextShare > options.FullContext)
            {
                await SessionRecords.EndRowAsync(unit, session, SessionEndReason.ContextFull);
            }
            else
            {
                await unit.ExecuteAsync(SessionsSql.Free, new { session.Id, unit.Now });
            }
        }
    }

    /// <summary>A task ended without a result that anybody goes on from.</summary>
    public static async Task EndOfTaskAsync(IUnitOfWork unit, Guid taskId, SessionEndReason reason)
    {
        foreach (var session in await unit.QueryAsync<SessionRow>(SessionsSql.KeptOfTask, new { TaskId = taskId }))
        {
            await SessionRecords.EndRowAsync(unit, session, reason);
        }
    }

    /// <summary>Ends what is kept too long, or is one too many.</summary>
    public async Task ReapAsync(IUnitOfWork unit)
    {
        var free = await unit.QueryAsync<SessionRow>(SessionsSql.AllFree);
        for (var i = 0; i < free.Count; i++)
        {
            SessionEndReason? reason =
                free[i].LastActivityAt <= unit.Now - options.MaxIdleTime.Micros() ? SessionEndReason.IdleTimeout
                : free[i].CreatedAt <= unit.Now - options.MaxSessionAge.Micros() ? SessionEndReason.Age
                : i >= options.MaxKept ? SessionEndReason.ResourceLimit
                : null;
            if (reason is { } end)
            {
                await SessionRecords.EndRowAsync(unit, free[i], end);
            }
        }
    }
}

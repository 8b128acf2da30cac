using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Sessions;

namespace AgentVine.Engine.Executions;

/// <summary>The rows of checkpoints: complete pairs of transcript and files, and which of them an attempt goes on from.</summary>
internal static class CheckpointRecords
{
    public static Task<CheckpointRow?> FindAsync(IReadSession session, Guid executionId, int n) =>
        session.FirstOrDefaultAsync<CheckpointRow>(CheckpointsSql.Find, new { ExecutionId = executionId, N = n });

    public static async Task<CheckpointRow> GetAsync(IReadSession session, Guid executionId, int n) =>
        await FindAsync(session, executionId, n) ?? throw new ProblemException(
            404,
            ErrorCodes.ExecutionsCheckpointNotFound,
            $"Execution {executionId} has no checkpoint {n}. GET /api/v1/executions/{executionId}/checkpoints lists those it has.");

    public static Task<IReadOnlyList<CheckpointRow>> OfExecutionAsync(IReadSession session, Guid executionId) =>
        session.QueryAsync<CheckpointRow>(CheckpointsSql.OfExecution, new { ExecutionId = executionId });

    /// <summary>Adds one whose blobs and commit are stored; sent again, it is the stored one.</summary>
    public static async Task<CheckpointRow> AddAsync(IUnitOfWork unit, ExecutionRow execution, CheckpointRow checkpoint, string trigger)
    {
        if (await unit.ExecuteAsync(CheckpointsSql.Insert, checkpoint) == 0)
        {
            return await GetAsync(unit, checkpoint.ExecutionId, checkpoint.N);
        }

        await unit.ExecuteAsync(CheckpointsSql.Newest, new { Id = execution.Id, checkpoint.N });
        if (checkpoint.SessionId is { } sessionId)
        {
            await SessionRecords.NoteCheckpointAsync(unit, execution.Id, sessionId, checkpoint.N);
        }

        unit.Append(new EventDraft(
            EventTypes.ExecutionCheckpointStored,
            TaskId: execution.TaskId,
            ExecutionId: execution.Id,
            WorkerId: execution.WorkerId,
            Data: new { n = checkpoint.N, attempt = checkpoint.Attempt, commit = checkpoint.CommitId, trigger, session_id = checkpoint.SessionId }));
        return checkpoint;
    }

    /// <summary>Tells a session, which may have been heard of after them, of the attempt's checkpoints that hold its transcript.</summary>
    public static async Task NoteAsync(IUnitOfWork unit, Guid executionId, string sessionId)
    {
        if ((await OfExecutionAsync(unit, executionId)).LastOrDefault(checkpoint => checkpoint.SessionId == sessionId) is { } newest)
        {
            await SessionRecords.NoteCheckpointAsync(unit, executionId, sessionId, newest.N);
        }
    }

    /// <summary>
    /// Sees to it that the newest checkpoint of an attempt that handed a branch in has that branch: what a reviewer rejects is what the next
    /// attempt goes on from, if need be without the conversation.
    /// </summary>
    public static async Task AddHandedInAsync(IUnitOfWork unit, ExecutionRow execution)
    {
        if (execution is not { HeadCommit: { } head, BaseCommit: { } start })
        {
            return;
        }

        var newest = await OfExecutionAsync(unit, execution.Id) is [.., var last] ? last : null;
        if (newest?.HeadCommit == head)
        {
            return;
        }

        await AddAsync(
            unit,
            execution,
            new CheckpointRow
            {
                ExecutionId = execution.Id,
                N = (newest?.N ?? 0) + 1,
                TaskId = execution.TaskId,
                Attempt = execution.Attempt,
                CommitId = head,
                HeadCommit = head,
                BaseCommit = start,
                Cause = VineJson.Name(CheckpointTrigger.Ended),
                TakenAt = unit.Now,
                CreatedAt = unit.Now,
            },
            VineJson.Name(CheckpointTrigger.Ended));
    }

    /// <summary>From where work that <paramref name="execution"/> did can go on: its newest checkpoint, else the one that it went on from itself.</summary>
    public static async Task<CheckpointRow?> PointOfAsync(IReadSession session, ExecutionRow execution) =>
        execution switch
        {
            { Checkpoint: { } n } => await FindAsync(session, execution.Id, n),
            { ResumedFrom: { } from, ResumedCheckpoint: { } n } => await FindAsync(session, from, n),
            _ => null,
        };
}

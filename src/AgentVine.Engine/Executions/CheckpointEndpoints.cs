using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Blobs;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Repositories;
using AgentVine.Engine.Sessions;
using AgentVine.Git.Names;
using AgentVine.Git.Repositories;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Executions;

/// <summary>Checkpoints of attempts: stored whole or not at all, and kept under their attempt whatever became of it.</summary>
internal static class CheckpointEndpoints
{
    /// <summary>Longer conversations are not kept; the files alone then are.</summary>
    public const long MaxTranscriptBytes = 256L * 1024 * 1024;

    public static CheckpointUpload ReadQuery(Query query) => CheckpointUpload.Read(query);

    public static bool ReadWhole(Query query) => query.Bool("whole");

    /// <summary>
    /// Stores transcript and files: first the blobs and the commit, which nothing refers to yet, then the row that makes them a checkpoint.
    /// A superseded attempt's is kept like any other and changes no state.
    /// </summary>
    public static async Task<Ok<CheckpointView>> Store(
        Guid id, HttpContext context, IStore store, BranchStore branches, BlobChunks blobs, TimeProvider time, CancellationToken cancellationToken)
    {
        var receivedAt = time.GetUtcNow().Micros();
        var upload = Query.ReadFromWorker(context, ReadQuery);
        var execution = await store.ReadAsync(Organizations.Default, session => ExecutionRecords.GetAsync(session, id), cancellationToken);
        if (execution.LeaseToken != upload.LeaseToken)
        {
            throw new ProblemException(
                409, ErrorCodes.QueueLeaseLost, $"Execution {id} was never under the lease token {upload.LeaseToken}. Send the token that the claim gave.");
        }

        var chunks = await PutTranscriptAsync(context, upload, blobs, cancellationToken);
        await PutFilesAsync(context, execution, upload, branches, cancellationToken);
        FaultPoints.Reach("server.checkpoint_ref_moved");
        var stored = await store.WriteAsync(
            Organizations.Default,
            unit => CheckpointRecords.AddAsync(unit, execution, upload.ToRow(execution, chunks, receivedAt, unit.Now), VineJson.Name(upload.Trigger)),
            cancellationToken);
        return stored.CommitId == upload.Commit && stored.TranscriptSha256 == upload.TranscriptSha256
            ? TypedResults.Ok(stored.ToView())
            : throw new ProblemException(
                422, ErrorCodes.ExecutionsCheckpointTorn, $"Checkpoint {upload.N} of execution {id} is stored already, and is another one. Number each checkpoint once.");
    }

    public static async Task<Ok<IReadOnlyList<CheckpointView>>> List(Guid id, IStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<CheckpointView>>([.. (await store.ReadAsync(
            Organizations.Default,
            async session =>
            {
                await ExecutionRecords.GetAsync(session, id);
                return await CheckpointRecords.OfExecutionAsync(session, id);
            },
            cancellationToken)).Select(row => row.ToView())]);

    public static async Task<PushStreamHttpResult> Transcript(Guid id, int n, IStore store, BlobChunks blobs, CancellationToken cancellationToken)
    {
        var checkpoint = await store.ReadAsync(Organizations.Default, session => CheckpointRecords.GetAsync(session, id, n), cancellationToken);
        return TypedResults.Stream(
            destination => blobs.CopyAsync(Organizations.Default, checkpoint.ReadChunks(), destination, cancellationToken), "application/octet-stream");
    }

    /// <summary>The newest stored transcript of a conversation, as the agent program writes it.</summary>
    public static async Task<PushStreamHttpResult> OfSession(Guid id, IStore store, BlobChunks blobs, CancellationToken cancellationToken)
    {
        var checkpoint = await store.ReadAsync(
            Organizations.Default,
            async session => await SessionRecords.GetAsync(session, id) is { CheckpointExecution: { } executionId, CheckpointN: { } n }
                ? await CheckpointRecords.GetAsync(session, executionId, n)
                : throw new ProblemException(404, ErrorCodes.ExecutionsCheckpointNotFound, $"No transcript of session {id} is stored: it has no checkpoint yet."),
            cancellationToken);
        return TypedResults.Stream(
            destination => blobs.CopyAsync(Organizations.Default, checkpoint.ReadChunks(), destination, cancellationToken), "application/octet-stream");
    }

    /// <summary>The files, as a bundle of the attempt's ref at that checkpoint's commit; <c>whole</c>: with all history, else less its base.</summary>
    public static async Task<FileStreamHttpResult> Bundle(
        Guid id, int n, HttpContext context, IStore store, BranchStore branches, CancellationToken cancellationToken)
    {
        var (execution, checkpoint) = await store.ReadAsync(
            Organizations.Default,
            async session => (await ExecutionRecords.GetAsync(session, id), await CheckpointRecords.GetAsync(session, id, n)),
            cancellationToken);
        IReadOnlyList<string> have = Query.Read(context, ReadWhole) || checkpoint.CommitId == checkpoint.BaseCommit ? [] : [checkpoint.BaseCommit];
        return await BranchEndpoints.SendAsync(
            branches, execution, WorkRefs.WorkInProgress(execution.TaskId, execution.Attempt), checkpoint.CommitId, have, cancellationToken);
    }

    private static async Task<IReadOnlyList<string>> PutTranscriptAsync(
        HttpContext context, CheckpointUpload upload, BlobChunks blobs, CancellationToken cancellationToken)
    {
        if (upload.TranscriptBytes == 0)
        {
            return [];
        }

        var put = await blobs.PutAsync(Organizations.Default, context.Request.Body, upload.TranscriptBytes, cancellationToken);
        return put is { } transcript && transcript.Sha256 == upload.TranscriptSha256
            ? transcript.Chunks
            : throw new ProblemException(
                422,
                ErrorCodes.ExecutionsCheckpointTorn,
                put is null
                    ? $"The body ended before its {upload.TranscriptBytes} bytes of transcript. Nothing was stored; send the checkpoint again."
                    : "The transcript is not the one that transcript_sha256 announces. Nothing was stored; send the checkpoint again.");
    }

    // An empty rest says that the commit is here already.
    private static async Task PutFilesAsync(
        HttpContext context, ExecutionRow execution, CheckpointUpload upload, BranchStore branches, CancellationToken cancellationToken)
    {
        var reference = WorkRefs.WorkInProgress(execution.TaskId, execution.Attempt);
        List<RefUpdate> updates = [new RefUpdate(reference, RefRule.FastForward)];
        var repository = branches.For(execution.RepositoryId);
        var rest = new FirstByte(context.Request.Body);
        if (!await rest.AnyAsync(cancellationToken))
        {
            if (await repository.MoveAsync(updates, upload.Commit, cancellationToken) is { } outcome)
            {
                BranchEndpoints.Check(outcome);
                return;
            }

            throw new ProblemException(
                422, ErrorCodes.ExecutionsCheckpointTorn, $"The body holds no files, and the server does not have the commit {upload.Commit}. Send the bundle with it.");
        }

        await BranchEndpoints.ReceiveAsync(
            rest, branches, reference, bundle => repository.StoreAsync(bundle, upload.Commit, updates, cancellationToken), cancellationToken);
    }
}

using System.Globalization;
using System.Net.Http.Headers;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;

namespace AgentVine.Client;

public sealed partial class VineClient
{
    /// <summary>One attempt's record.</summary>
    public Task<ExecutionView> GetExecutionAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync<ExecutionView>(ApiCall.Get($"api/v1/executions/{id:D}"), cancellationToken);

    /// <summary>Stores a batch of output; lines that are stored already are skipped.</summary>
    /// <exception cref="VineApiException">409 <see cref="ErrorCodes.ExecutionsOutputGap"/>: lines before the first are missing.</exception>
    public Task<AppendOutputResponse> AppendOutputAsync(Guid id, AppendOutputRequest request, CancellationToken cancellationToken) =>
        ReadAsync<AppendOutputResponse>(ApiCall.Post($"api/v1/executions/{id:D}/output", request), cancellationToken);

    /// <summary>Lines past <paramref name="after"/>; waits up to <paramref name="wait"/> seconds for one while the attempt runs.</summary>
    public Task<IReadOnlyList<OutputLine>> ReadOutputAsync(Guid id, long after, int? limit, int wait, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<OutputLine>>(
            ApiCall.Get(new ApiPath($"executions/{id:D}/output").With("after", after).With("limit", limit).WithWait(wait)) with { Wait = wait },
            cancellationToken);

    /// <summary>Stores the attempt's commits: a git bundle of its branch, whose tip is <paramref name="commit"/>. What a superseded attempt sends is
    /// kept under that attempt and moves no branch.</summary>
    /// <param name="id">The attempt.</param>
    /// <param name="commit">The full id of the branch's tip.</param>
    /// <param name="baseCommit">The full id of the commit that the work started from.</param>
    /// <param name="bundle">Read to its end and disposed, also on failure.</param>
    /// <param name="cancellationToken">Gives up; nothing is stored unless the whole bundle arrived.</param>
    /// <exception cref="VineApiException">409 <see cref="ErrorCodes.ExecutionsBundlePrerequisite"/>: send the base first
    /// (<see cref="StoreBaseAsync"/>).</exception>
    public Task<StoreBranchResponse> StoreBranchAsync(
        Guid id, string commit, string baseCommit, Stream bundle, CancellationToken cancellationToken) =>
        ReadAsync<StoreBranchResponse>(
            Upload(new ApiPath($"executions/{id:D}/branch").With("commit", commit).With("base", baseCommit), bundle),
            cancellationToken);

    /// <summary>Stores the commits that the work builds on, where the server's repository lacks them.</summary>
    public Task StoreBaseAsync(Guid id, string commit, Stream bundle, CancellationToken cancellationToken) =>
        SendAsync(Upload(new ApiPath($"executions/{id:D}/base").With("commit", commit), bundle), cancellationToken);

    /// <summary>Notes the base that dependencies' work was merged into for an attempt, and stores it where the server lacks it.</summary>
    /// <param name="id">The attempt.</param>
    /// <param name="commit">The base.</param>
    /// <param name="targetCommit">The commit of the target branch that it was made of.</param>
    /// <param name="bundle">Its commits; empty where the server has them. Read to its end and disposed, also on failure.</param>
    /// <param name="cancellationToken">Gives up; nothing is noted then.</param>
    public Task StoreMergedBaseAsync(Guid id, string commit, string targetCommit, Stream bundle, CancellationToken cancellationToken) =>
        SendAsync(Upload(new ApiPath($"executions/{id:D}/base").With("commit", commit).With("target", targetCommit), bundle), cancellationToken);

    /// <summary>
    /// Writes the base of <see cref="StoreMergedBaseAsync"/> to <paramref name="destination"/>: a git bundle of <c>refs/vine/bases/&lt;commit&gt;</c>, less
    /// the target branch's commit; <paramref name="whole"/>: with all history.
    /// </summary>
    public Task CopyMergedBaseAsync(Guid id, bool whole, Stream destination, CancellationToken cancellationToken) =>
        CopyAsync($"api/v1/executions/{id:D}/base{(whole ? "?whole=true" : "")}", "application/x-git-bundle", destination, cancellationToken);

    /// <summary>
    /// Writes what an attempt handed back to <paramref name="destination"/>: a git bundle of its task's branch, less the commit of the target
    /// branch that it builds on; <paramref name="whole"/>: with all history.
    /// </summary>
    public Task CopyBranchAsync(Guid id, bool whole, Stream destination, CancellationToken cancellationToken) =>
        CopyAsync($"api/v1/executions/{id:D}/branch{(whole ? "?whole=true" : "")}", "application/x-git-bundle", destination, cancellationToken);

    /// <summary>Stores a checkpoint, transcript and files together or not at all. Sent again under its number, it is the stored one.</summary>
    /// <param name="id">The attempt.</param>
    /// <param name="leaseToken">The fencing token of its lease. Past the lease the checkpoint is kept under the attempt, without effect on state.</param>
    /// <param name="checkpoint">What is stored; <see cref="CheckpointView.CreatedAt"/>, task and attempt are the server's to say.</param>
    /// <param name="age">How long ago the transcript was copied, counted until this call.</param>
    /// <param name="content">
    /// Exactly <see cref="CheckpointView.TranscriptBytes"/> of transcript, then a git bundle of <c>refs/vine/wip/&lt;task&gt;/&lt;attempt&gt;</c>; no bundle where
    /// the server has the commit. Read to its end and disposed, also on failure.
    /// </param>
    /// <param name="cancellationToken">Gives up; nothing is stored unless all of it arrived.</param>
    /// <exception cref="VineApiException">409 <see cref="ErrorCodes.ExecutionsBundlePrerequisite"/>: send the base first
    /// (<see cref="StoreBaseAsync"/>); 422 <see cref="ErrorCodes.ExecutionsCheckpointTorn"/>.</exception>
    public Task<CheckpointView> StoreCheckpointAsync(
        Guid id, long leaseToken, CheckpointView checkpoint, TimeSpan age, Stream content, CancellationToken cancellationToken) =>
        ReadAsync<CheckpointView>(
            Upload(
                new ApiPath($"executions/{id:D}/checkpoint")
                    .With("lease_token", leaseToken)
                    .With("n", checkpoint.N)
                    .With("session_id", checkpoint.SessionId)
                    .With("transcript_bytes", checkpoint.TranscriptBytes)
                    .With("transcript_sha256", checkpoint.TranscriptSha256)
                    .With("commit", checkpoint.Commit)
                    .With("head", checkpoint.HeadCommit)
                    .With("base", checkpoint.BaseCommit)
                    .With<CheckpointTrigger>("trigger", checkpoint.Trigger)
                    .With("age_ms", (long)age.TotalMilliseconds),
                content,
                "application/octet-stream"),
            cancellationToken);

    /// <summary>The attempt's complete checkpoints, oldest first.</summary>
    public Task<IReadOnlyList<CheckpointView>> ListCheckpointsAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<CheckpointView>>(ApiCall.Get($"api/v1/executions/{id:D}/checkpoints"), cancellationToken);

    /// <summary>Writes a checkpoint's transcript to <paramref name="destination"/>.</summary>
    public Task CopyTranscriptAsync(Guid id, int n, Stream destination, CancellationToken cancellationToken) =>
        CopyAsync(string.Create(CultureInfo.InvariantCulture, $"api/v1/executions/{id:D}/checkpoints/{n}/transcript"), "application/octet-stream", destination, cancellationToken);

    /// <summary>
    /// Writes a checkpoint's files to <paramref name="destination"/>: a git bundle of <c>refs/vine/wip/&lt;task&gt;/&lt;attempt&gt;</c> at its commit, less
    /// its base; <paramref name="whole"/>: with all that it builds on.
    /// </summary>
    public Task CopyCheckpointAsync(Guid id, int n, bool whole, Stream destination, CancellationToken cancellationToken) => CopyAsync(
        string.Create(CultureInfo.InvariantCulture, $"api/v1/executions/{id:D}/checkpoints/{n}/bundle{(whole ? "?whole=true" : "")}"),
        "application/x-git-bundle",
        destination,
        cancellationToken);

    /// <summary>Tells of an agent that makes no progress, or does again.</summary>
    public Task ReportStallAsync(Guid id, StallRequest request, CancellationToken cancellationToken) =>
        SendAsync(ApiCall.Post($"api/v1/executions/{id:D}/stall", request), cancellationToken);

    /// <summary>Ends the attempt now; its task is queued again and resumes from its newest checkpoint.</summary>
    public Task StopExecutionAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync(ApiCall.Post($"api/v1/executions/{id:D}/stop"), cancellationToken);

    /// <summary>Ends the agent's running turn; the agent stays.</summary>
    public Task InterruptExecutionAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync(ApiCall.Post($"api/v1/executions/{id:D}/interrupt"), cancellationToken);

    private static ApiCall Upload(ApiPath path, Stream content, string mediaType = "application/x-git-bundle") => new(HttpMethod.Put, path)
    {
        Content = new StreamContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } },
        Transfer = true,
    };
}

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
    /// <inheritdoc cref="StoreBranchAsync" path="/param"/>
    public Task StoreBaseAsync(Guid id, string commit, Stream bundle, CancellationToken cancellationToken) =>
        SendAsync(Upload(new ApiPath($"executions/{id:D}/base").With("commit", commit), bundle), cancellationToken);

    /// <summary>Writes the attempt's branch, less its base, to <paramref name="destination"/> as a git bundle.</summary>
    /// <exception cref="VineApiException">409 <see cref="ErrorCodes.TasksNoBranch"/>: the attempt handed back none.</exception>
    public Task CopyBranchAsync(Guid id, Stream destination, CancellationToken cancellationToken) =>
        CopyAsync($"api/v1/executions/{id:D}/branch", "application/x-git-bundle", destination, cancellationToken);

    /// <summary>Ends the agent's running turn; the agent stays.</summary>
    public Task InterruptExecutionAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync(ApiCall.Post($"api/v1/executions/{id:D}/interrupt"), cancellationToken);

    private static ApiCall Upload(ApiPath path, Stream bundle) => new(HttpMethod.Put, path)
    {
        Content = new StreamContent(bundle) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-git-bundle") } },
        Transfer = true,
    };
}

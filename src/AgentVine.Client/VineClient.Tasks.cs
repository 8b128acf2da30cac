using System.Runtime.CompilerServices;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Client;

public sealed partial class VineClient
{
    private const int FilingTries = 3;
    private const int LongestPage = 200;
    private static readonly TimeSpan FilingPause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Files a task under a fresh idempotency key, and files it again under the same key when the answer was lost or the server was
    /// busy: however often it is sent, one task is made. A server that takes no connection is not tried again.
    /// </summary>
    public async Task<TaskView> CreateTaskAsync(CreateTaskRequest request, CancellationToken cancellationToken)
    {
        var key = Guid.NewGuid().ToString("D");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await CreateTaskAsync(request, key, cancellationToken);
            }
            catch (Exception exception) when (attempt < FilingTries && IsPassing(exception))
            {
                await Task.Delay(FilingPause * attempt, _transport.Time, cancellationToken);
            }
        }
    }

    /// <summary>Files a task once. Repeating it with the same key and body returns the first answer.</summary>
    public Task<TaskView> CreateTaskAsync(CreateTaskRequest request, string? idempotencyKey, CancellationToken cancellationToken) =>
        ReadAsync<TaskView>(ApiCall.Post("api/v1/tasks", request) with { IdempotencyKey = idempotencyKey }, cancellationToken);

    /// <summary>Tasks, newest first.</summary>
    /// <param name="status">Only those; all when null.</param>
    /// <param name="limit">The page's size; the server's default when null.</param>
    /// <param name="after">The <see cref="Page{T}.Next"/> of the page before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Page<TaskView>> ListTasksAsync(AgentTaskStatus? status, int? limit, string? after, CancellationToken cancellationToken) =>
        ReadPageAsync<TaskView>(
            ApiCall.Get(new ApiPath("tasks").With("status", status).With("limit", limit).With("after", after)), cancellationToken);

    /// <summary>All tasks, newest first, page by page.</summary>
    public async IAsyncEnumerable<TaskView> EnumerateTasksAsync(
        AgentTaskStatus? status, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            var page = await ListTasksAsync(status, LongestPage, after, cancellationToken);
            foreach (var task in page.Items)
            {
                yield return task;
            }

            after = page.Next;
        }
        while (after is not null);
    }

    /// <summary>One task.</summary>
    public Task<TaskView> GetTaskAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync<TaskView>(ApiCall.Get($"api/v1/tasks/{id:D}"), cancellationToken);

    /// <summary>Changes what the request has, and leaves the rest.</summary>
    public Task<TaskView> UpdateTaskAsync(Guid id, UpdateTaskRequest request, CancellationToken cancellationToken) =>
        ReadAsync<TaskView>(ApiCall.Patch($"api/v1/tasks/{id:D}", request), cancellationToken);

    /// <summary>Gives the task up; its agent is stopped.</summary>
    public Task<TaskView> CancelTaskAsync(Guid id, string? reason, CancellationToken cancellationToken) =>
        ReadAsync<TaskView>(ApiCall.Post($"api/v1/tasks/{id:D}/cancel", new CancelTaskRequest { Reason = reason }), cancellationToken);

    /// <summary>Queues a failed task again.</summary>
    public Task<TaskView> RetryTaskAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync<TaskView>(ApiCall.Post($"api/v1/tasks/{id:D}/retry"), cancellationToken);

    /// <summary>Accepts work in review.</summary>
    public Task<TaskView> AcceptTaskAsync(Guid id, string? comment, CancellationToken cancellationToken) =>
        ReadAsync<TaskView>(ApiCall.Post($"api/v1/tasks/{id:D}/accept", new ReviewTaskRequest { Comment = comment }), cancellationToken);

    /// <summary>Sends work in review back with a comment that the agent is told.</summary>
    public Task<TaskView> RejectTaskAsync(Guid id, string comment, CancellationToken cancellationToken) =>
        ReadAsync<TaskView>(ApiCall.Post($"api/v1/tasks/{id:D}/reject", new ReviewTaskRequest { Comment = comment }), cancellationToken);

    /// <summary>The task's own events, oldest first.</summary>
    public Task<IReadOnlyList<EventView>> ListTaskEventsAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<EventView>>(ApiCall.Get($"api/v1/tasks/{id:D}/events"), cancellationToken);

    /// <summary>The task's attempts, in the order of their numbers.</summary>
    public async Task<IReadOnlyList<ExecutionView>> ListTaskExecutionsAsync(Guid id, CancellationToken cancellationToken)
    {
        var executions = await ReadAsync<ExecutionView[]>(ApiCall.Get($"api/v1/tasks/{id:D}/executions"), cancellationToken);
        return [.. executions.OrderBy(execution => execution.StartedAt).ThenBy(execution => execution.Attempt)];
    }

    /// <summary>Writes the task's diff (<c>text/x-diff</c>) to <paramref name="destination"/> as it arrives.</summary>
    public Task CopyDiffAsync(Guid id, Stream destination, CancellationToken cancellationToken) =>
        CopyAsync($"api/v1/tasks/{id:D}/diff", "text/x-diff", destination, cancellationToken);

    private static bool IsPassing(Exception exception) =>
        exception is VineUnreachableException { MayHaveArrived: true } or VineApiException { Status: 502 or 503 or 504 };
}

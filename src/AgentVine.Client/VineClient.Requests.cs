using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;

namespace AgentVine.Client;

public sealed partial class VineClient
{
    /// <summary>Opens a request of an agent. The worker chose its id: repeating it returns the stored request.</summary>
    public Task<RequestView> OpenRequestAsync(OpenRequestRequest request, string? idempotencyKey, CancellationToken cancellationToken) =>
        ReadAsync<RequestView>(ApiCall.Post("api/v1/requests", request) with { IdempotencyKey = idempotencyKey }, cancellationToken);

    /// <summary>Requests, newest first; of one status or task where given. Those of one task come as one page.</summary>
    public Task<Page<RequestView>> ListRequestsAsync(RequestStatus? status, Guid? taskId, string? after, CancellationToken cancellationToken) =>
        ReadPageAsync<RequestView>(
            ApiCall.Get(new ApiPath("requests").With("status", status).With("task_id", taskId).With("after", after)), cancellationToken);

    /// <summary>One request; waits up to <paramref name="wait"/> seconds while it is open.</summary>
    public Task<RequestView> GetRequestAsync(Guid id, int wait, CancellationToken cancellationToken) =>
        ReadAsync<RequestView>(ApiCall.Get(new ApiPath($"requests/{id:D}").WithWait(wait)) with { Wait = wait }, cancellationToken);

    /// <summary>Answers an open request.</summary>
    /// <exception cref="VineApiException">409 <see cref="ErrorCodes.RequestsNotOpen"/>: somebody was faster, or nobody waits any more.</exception>
    public Task<RequestView> AnswerRequestAsync(Guid id, RequestAnswer answer, CancellationToken cancellationToken) =>
        ReadAsync<RequestView>(ApiCall.Post($"api/v1/requests/{id:D}/answer", answer), cancellationToken);

    /// <summary>Says that the agent no longer waits for an answer.</summary>
    public Task WithdrawRequestAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync(ApiCall.Post($"api/v1/requests/{id:D}/withdraw"), cancellationToken);

    /// <summary>Says that the agent has the answer.</summary>
    public Task MarkAnswerDeliveredAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync(ApiCall.Post($"api/v1/requests/{id:D}/delivered"), cancellationToken);
}

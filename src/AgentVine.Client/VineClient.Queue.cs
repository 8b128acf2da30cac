using AgentVine.Contracts;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Client;

public sealed partial class VineClient
{
    /// <summary>Claims work, waiting as long as the request says. Repeating a <c>claim_id</c> returns the same lease.</summary>
    /// <returns>The leased order, or null when there was none.</returns>
    public async Task<WorkOrderView?> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        var call = ApiCall.Post("api/v1/queue/claim", request) with { Wait = request.Wait };
        var found = await _transport.SendAsync(
            call,
            static async (response, token) =>
                response.StatusCode == System.Net.HttpStatusCode.NoContent ? null : await DeserializeAsync<ClaimResponse>(response, token),
            cancellationToken);
        return found?.WorkOrder;
    }

    /// <summary>Hands back a result, and claims the next order where <see cref="CompleteRequest.ClaimNext"/> asks for it.</summary>
    /// <exception cref="VineApiException">409 <see cref="ErrorCodes.QueueLeaseLost"/>: final, what came back was recorded without effect.</exception>
    public Task<EndResponse> CompleteAsync(CompleteRequest request, CancellationToken cancellationToken) =>
        ReadAsync<EndResponse>(ApiCall.Post("api/v1/queue/complete", request) with { Wait = request.ClaimNext?.Wait ?? 0 }, cancellationToken);

    /// <summary>Tells how an attempt failed, and claims the next order where <see cref="FailRequest.ClaimNext"/> asks for it.</summary>
    /// <exception cref="VineApiException">409 <see cref="ErrorCodes.QueueLeaseLost"/>: final.</exception>
    public Task<EndResponse> FailAsync(FailRequest request, CancellationToken cancellationToken) =>
        ReadAsync<EndResponse>(ApiCall.Post("api/v1/queue/fail", request) with { Wait = request.ClaimNext?.Wait ?? 0 }, cancellationToken);

    /// <summary>Parks an attempt whose agent waits for a person, and claims the next order where <see cref="ParkRequest.ClaimNext"/> asks for it.</summary>
    /// <exception cref="VineApiException">409 <see cref="ErrorCodes.QueueLeaseLost"/>: final.</exception>
    public Task<EndResponse> ParkAsync(ParkRequest request, CancellationToken cancellationToken) =>
        ReadAsync<EndResponse>(ApiCall.Post("api/v1/queue/park", request) with { Wait = request.ClaimNext?.Wait ?? 0 }, cancellationToken);

    /// <summary>Renews one lease for a full period, counted from when this call was sent.</summary>
    /// <exception cref="VineApiException">409 <see cref="ErrorCodes.QueueLeaseLost"/>: stop the work, push nothing.</exception>
    public Task ExtendAsync(ExtendRequest request, CancellationToken cancellationToken) =>
        SendAsync(ApiCall.Post("api/v1/queue/extend", request), cancellationToken);

    /// <summary>How deep the five queues are.</summary>
    public Task<QueueStatus> GetQueueStatusAsync(CancellationToken cancellationToken) =>
        ReadAsync<QueueStatus>(ApiCall.Get("api/v1/queue/status"), cancellationToken);

    /// <summary>The tasks in the dead letter, the newest first.</summary>
    /// <param name="cause">Only those; all when null.</param>
    /// <param name="limit">The page's size; the server's default when null.</param>
    /// <param name="after">The <see cref="Page{T}.Next"/> of the page before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Page<DeadLetterView>> ListDeadLetterAsync(FailureCause? cause, int? limit, string? after, CancellationToken cancellationToken) =>
        ReadPageAsync<DeadLetterView>(
            ApiCall.Get(new ApiPath("queue/dead-letter").With("cause", cause).With("limit", limit).With("after", after)), cancellationToken);

    /// <summary>The case file of a task in the dead letter.</summary>
    /// <exception cref="VineApiException">404 <see cref="ErrorCodes.QueueDeadLetterNotFound"/>.</exception>
    public Task<CaseFile> GetCaseFileAsync(Guid taskId, CancellationToken cancellationToken) =>
        ReadAsync<CaseFile>(ApiCall.Get($"api/v1/queue/dead-letter/{taskId:D}"), cancellationToken);

    /// <summary>Takes a task out of the dead letter and queues it again.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="session">What its next attempt begins with; null leaves that to its failure.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<TaskView> RequeueDeadLetterAsync(Guid taskId, RequeueSession? session, CancellationToken cancellationToken) =>
        ReadAsync<TaskView>(
            ApiCall.Post($"api/v1/queue/dead-letter/{taskId:D}/requeue", new RequeueRequest { Session = session }), cancellationToken);

    /// <summary>Takes many tasks out of the dead letter and queues them again; those that cannot be are told, and keep no other back.</summary>
    public Task<RequeueManyResponse> RequeueDeadLetterAsync(RequeueManyRequest request, CancellationToken cancellationToken) =>
        ReadAsync<RequeueManyResponse>(ApiCall.Post("api/v1/queue/dead-letter/requeue", request), cancellationToken);
}

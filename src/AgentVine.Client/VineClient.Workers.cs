using AgentVine.Contracts;
using AgentVine.Contracts.Workers;

namespace AgentVine.Client;

public sealed partial class VineClient
{
    /// <summary>Registers a worker; registering a name again takes it over.</summary>
    /// <exception cref="VineApiException">409 <see cref="ErrorCodes.WorkersProtocol"/>: one of the two programs is too old.</exception>
    public Task<RegisterWorkerResponse> RegisterWorkerAsync(
        RegisterWorkerRequest request, string? idempotencyKey, CancellationToken cancellationToken) =>
        ReadAsync<RegisterWorkerResponse>(ApiCall.Post("api/v1/workers", request) with { IdempotencyKey = idempotencyKey }, cancellationToken);

    /// <summary>All workers.</summary>
    public Task<IReadOnlyList<WorkerView>> ListWorkersAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<WorkerView>>(ApiCall.Get("api/v1/workers"), cancellationToken);

    /// <summary>One worker.</summary>
    public Task<WorkerView> GetWorkerAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync<WorkerView>(ApiCall.Get($"api/v1/workers/{id:D}"), cancellationToken);

    /// <summary>Renews every lease that the request names, from the moment this call is sent.</summary>
    public Task<HeartbeatResponse> HeartbeatAsync(Guid id, HeartbeatRequest request, CancellationToken cancellationToken) =>
        ReadAsync<HeartbeatResponse>(ApiCall.Post($"api/v1/workers/{id:D}/heartbeat", request), cancellationToken);

    /// <summary>Asks a worker to finish what it has and take nothing new.</summary>
    public Task DrainWorkerAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync(ApiCall.Post($"api/v1/workers/{id:D}/drain"), cancellationToken);

    /// <summary>Deregisters a worker.</summary>
    public Task DeleteWorkerAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync(ApiCall.Delete($"api/v1/workers/{id:D}"), cancellationToken);

    /// <summary>Commands past <paramref name="after"/>, which acknowledges all up to it; waits up to <paramref name="wait"/> seconds for one.</summary>
    public Task<IReadOnlyList<WorkerCommand>> ReadCommandsAsync(Guid id, long after, int wait, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<WorkerCommand>>(
            ApiCall.Get(new ApiPath($"workers/{id:D}/commands").With("after", after).WithWait(wait)) with { Wait = wait }, cancellationToken);
}

using AgentVine.Contracts.Sessions;

namespace AgentVine.Client;

public sealed partial class VineClient
{
    /// <summary>Says which conversation works on an attempt; repeating it updates it.</summary>
    public Task<SessionView> OpenSessionAsync(OpenSessionRequest request, string? idempotencyKey, CancellationToken cancellationToken) =>
        ReadAsync<SessionView>(ApiCall.Post("api/v1/sessions", request) with { IdempotencyKey = idempotencyKey }, cancellationToken);

    /// <summary>Sessions, newest first; of one status or task where given. Those of one task come as one page.</summary>
    public Task<Page<SessionView>> ListSessionsAsync(SessionStatus? status, Guid? taskId, string? after, CancellationToken cancellationToken) =>
        ReadPageAsync<SessionView>(
            ApiCall.Get(new ApiPath("sessions").With("status", status).With("task_id", taskId).With("after", after)), cancellationToken);

    /// <summary>One session, by AgentVine's id of it.</summary>
    public Task<SessionView> GetSessionAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync<SessionView>(ApiCall.Get($"api/v1/sessions/{id:D}"), cancellationToken);
}

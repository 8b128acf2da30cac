using AgentVine.Contracts;
using AgentVine.Contracts.Sessions;

namespace AgentVine.Client;

public sealed partial class VineClient
{
    /// <summary>Says which conversation works on an attempt; repeating it updates it.</summary>
    public Task<SessionView> OpenSessionAsync(OpenSessionRequest request, string? idempotencyKey, CancellationToken cancellationToken) =>
        ReadAsync<SessionView>(ApiCall.Post("api/v1/sessions", request) with { IdempotencyKey = idempotencyKey }, cancellationToken);

    /// <summary>Tells whose conversation a session is, and how it stands.</summary>
    /// <exception cref="VineApiException">409 <see cref="ErrorCodes.SessionsMapping"/>: the pair is not the server's; open the session anew.</exception>
    public Task BeatSessionAsync(Guid id, SessionHeartbeat beat, CancellationToken cancellationToken) =>
        SendAsync(ApiCall.Post($"api/v1/sessions/{id:D}/heartbeat", beat), cancellationToken);

    /// <summary>Ends a session that waits for its next task, or the attempt that it works on.</summary>
    public Task<SessionView> StopSessionAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync<SessionView>(ApiCall.Post($"api/v1/sessions/{id:D}/stop"), cancellationToken);

    /// <summary>Sessions, newest first; of one status or task where given. Those of one task come as one page.</summary>
    public Task<Page<SessionView>> ListSessionsAsync(SessionStatus? status, Guid? taskId, string? after, CancellationToken cancellationToken) =>
        ReadPageAsync<SessionView>(
            ApiCall.Get(new ApiPath("sessions").With("status", status).With("task_id", taskId).With("after", after)), cancellationToken);

    /// <summary>One session, by AgentVine's id of it.</summary>
    public Task<SessionView> GetSessionAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync<SessionView>(ApiCall.Get($"api/v1/sessions/{id:D}"), cancellationToken);
}

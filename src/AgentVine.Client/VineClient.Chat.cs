using AgentVine.Contracts.Conversations;

namespace AgentVine.Client;

public sealed partial class VineClient
{
    /// <summary>Writes into a task's conversation.</summary>
    public Task<MessageView> PostMessageAsync(PostMessageRequest request, string? idempotencyKey, CancellationToken cancellationToken) =>
        ReadAsync<MessageView>(ApiCall.Post("api/v1/chat/messages", request) with { IdempotencyKey = idempotencyKey }, cancellationToken);

    /// <summary>A task's conversation past the message with sequence <paramref name="after"/>, oldest first.</summary>
    public Task<Page<MessageView>> ListMessagesAsync(Guid taskId, long? after, CancellationToken cancellationToken) =>
        ReadPageAsync<MessageView>(ApiCall.Get(new ApiPath("chat/messages").With("task_id", taskId).With("after", after)), cancellationToken);

    /// <summary>Says that the agent has the message.</summary>
    public Task MarkMessageDeliveredAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync(ApiCall.Post($"api/v1/chat/messages/{id:D}/delivered"), cancellationToken);
}

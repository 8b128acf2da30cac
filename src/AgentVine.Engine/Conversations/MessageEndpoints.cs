using AgentVine.Contracts.Conversations;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Events;
using AgentVine.Engine.Kernel.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Conversations;

/// <summary>The chat's routes.</summary>
internal static class MessageEndpoints
{
    public static Task<CreatedReply<MessageView>> Post(
        Body<PostMessageRequest> body, HttpContext context, Caller caller, IdempotentWrite write, MessageDesk desk, CancellationToken cancellationToken) =>
        write.CreateAsync(
            context,
            body.Value,
            async unit =>
            {
                var message = await desk.PostAsync(unit, body.Value.TaskId!.Value, body.Value.Content!, caller.Name, cancellationToken);
                return new NewResource<MessageView>($"/api/v1/chat/messages?task_id={message.TaskId}&after={message.Sequence - 1}", message.ToView());
            },
            cancellationToken);

    public static (Guid? TaskId, long After, int Limit) ReadQuery(Query query) =>
        (query.Guid("task_id"), query.Long("after", 0, long.MaxValue, 0), query.Int("limit", 1, Paging.MaximumLimit, Paging.DefaultLimit));

    /// <summary>Messages oldest first, after a sequence.</summary>
    public static async Task<ListReply<MessageView>> List(HttpContext context, IStore store, CancellationToken cancellationToken)
    {
        var (taskId, after, limit) = Query.Read(context, ReadQuery);
        return await store.ReadAsync(
            Organizations.Default,
            async session =>
            {
                var rows = taskId is { } id
                    ? await session.QueryAsync<MessageRow>(ConversationsSql.MessagesOfTaskAfter, new { TaskId = id, After = after, Limit = limit })
                    : await session.QueryAsync<MessageRow>(ConversationsSql.MessagesAfter, new { After = after, Limit = limit });
                var next = rows.Count == limit ? rows[^1].Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
                return new ListReply<MessageView>([.. rows.Select(row => row.ToView())], await EventLog.LastSequenceAsync(session), next);
            },
            cancellationToken);
    }

    public static async Task<NoContent> Delivered(Guid id, IStore store, CancellationToken cancellationToken)
    {
        await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                await MessageDesk.DeliveredAsync(unit, id);
                return true;
            },
            cancellationToken);
        return TypedResults.NoContent();
    }
}

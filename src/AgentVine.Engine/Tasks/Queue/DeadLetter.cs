using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Events;
using AgentVine.Engine.Kernel.Http;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>The tasks that were given up, newest first: <c>GET /api/v1/queue/dead-letter</c>.</summary>
internal static class DeadLetter
{
    public static int Read(Query query) => query.Int("limit", 1, Paging.MaximumLimit, Paging.DefaultLimit);

    public static async Task<ListReply<TaskView>> Handle(HttpContext context, IStore store, CancellationToken cancellationToken)
    {
        var limit = Query.Read(context, Read);
        return await store.ReadAsync(
            Organizations.Default,
            async session =>
            {
                var tasks = new List<TaskView>();
                foreach (var order in await session.QueryAsync<WorkOrderRow>(QueueSql.Dead, new { Limit = limit }))
                {
                    tasks.Add(await TaskRecords.ShowAsync(session, order.TaskId));
                }

                return new ListReply<TaskView>(tasks, await EventLog.LastSequenceAsync(session), nextAfter: null);
            },
            cancellationToken);
    }
}

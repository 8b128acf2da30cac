using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Events;
using AgentVine.Engine.Kernel.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Tasks;

/// <summary>One task, and what was tried for it.</summary>
internal static class ShowTask
{
    public static async Task<Ok<TaskView>> Handle(Guid id, IStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ReadAsync(Organizations.Default, session => TaskRecords.ShowAsync(session, id), cancellationToken));

    public static async Task<Ok<IReadOnlyList<ExecutionView>>> Executions(Guid id, IStore store, CancellationToken cancellationToken)
    {
        var executions = await store.ReadAsync(
            Organizations.Default,
            async session =>
            {
                _ = await TaskRecords.FindAsync(session, id) ?? throw TaskRecords.NotFound(id);
                return await session.QueryAsync<ExecutionRow>(ExecutionsSql.OfTask, new { TaskId = id });
            },
            cancellationToken);
        return TypedResults.Ok<IReadOnlyList<ExecutionView>>([.. executions.Select(execution => execution.ToView())]);
    }

    /// <summary>The event log of one task, oldest first.</summary>
    public static Task<ListReply<EventView>> Events(Guid id, HttpContext context, IStore store, CancellationToken cancellationToken)
    {
        var (filter, limit) = Query.Read(context, ListEvents.ReadOfTask);
        return store.ReadAsync(
            Organizations.Default,
            async session =>
            {
                _ = await TaskRecords.FindAsync(session, id) ?? throw TaskRecords.NotFound(id);
                return await ListEvents.PageAsync(context, session, filter with { TaskId = id }, limit);
            },
            cancellationToken);
    }
}

using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
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
}

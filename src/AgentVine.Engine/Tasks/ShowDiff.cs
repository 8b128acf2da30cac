using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Repositories;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Tasks;

/// <summary>What a task changed, as a unified diff against the commit that it started from: <c>GET /api/v1/tasks/{id}/diff</c>.</summary>
internal static class ShowDiff
{
    private const long MaxBytes = 32L * 1024 * 1024;

    public static async Task<PushStreamHttpResult> Handle(Guid id, IStore store, BranchStore branches, CancellationToken cancellationToken)
    {
        var (task, execution) = await store.ReadAsync(
            Organizations.Default,
            async session =>
            {
                var found = await TaskRecords.FindAsync(session, id) ?? throw TaskRecords.NotFound(id);
                var executions = await session.QueryAsync<ExecutionRow>(ExecutionsSql.OfTask, new { TaskId = id });
                return (found, executions.LastOrDefault(row => row.HeadCommit is not null));
            },
            cancellationToken);
        if (execution is null && task.Result is null)
        {
            throw new ProblemException(
                409, ErrorCodes.TasksNoBranch, $"No attempt at task {id} has handed back work yet; it is {task.Status}. GET /api/v1/tasks/{id}/executions shows its attempts.");
        }

        return TypedResults.Stream(
            body => execution is null || JsonColumn.Read<TaskResult>(task.Result)?.Checked == "no_change"
                ? Task.CompletedTask
                : branches.For(task.RepositoryId).DiffAsync(execution.BaseCommit!, execution.HeadCommit!, body, MaxBytes, cancellationToken),
            "text/x-diff; charset=utf-8");
    }
}

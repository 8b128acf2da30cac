using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Repositories;

namespace AgentVine.Engine.Tasks;

/// <summary>
/// Files a task for an agent, below the one that it works on: in the same repository, with the same runtime, and with no more leave, haste
/// or money than that one has. The same wish again is the same task, also of a later attempt that does not remember it.
/// </summary>
internal sealed class CreateSubtask(CreateTask create)
{
    public const int MostPerAttempt = 20;
    public const int Deepest = 3;

    private static readonly long LeastBudget = 0.01m.Micros();

    /// <param name="unit">The unit.</param>
    /// <param name="executionId">The attempt whose agent it is.</param>
    /// <param name="wish">What the agent says; repository, runtime and limits are not its to say.</param>
    /// <param name="afterParent">Whether it waits until the agent's own task is completed.</param>
    /// <param name="cancellationToken">Cancels before the unit, never within.</param>
    public async Task<TaskView> RunAsync(
        IUnitOfWork unit, Guid executionId, CreateTaskRequest wish, bool afterParent, CancellationToken cancellationToken)
    {
        var execution = await ExecutionRecords.GetAsync(unit, executionId);
        var parent = await TaskRecords.LockAsync(unit, execution.TaskId);
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{afterParent} {JsonSerializer.Serialize(wish, VineJson.Options)}")));
        if (await unit.FirstOrDefaultAsync<Guid?>(TasksSql.Subtask, new { ParentId = parent.Id, Key = key }) is { } filed)
        {
            return await TaskRecords.ShowAsync(unit, filed);
        }

        await CheckAsync(unit, execution, parent, wish);
        var request = wish with
        {
            RepositoryUrl = parent.RepositoryUrl,
            BranchName = parent.BranchName,
            Runtime = parent.Runtime,
            Model = parent.Model,
            Timeout = parent.Timeout,
            MaxAttempts = parent.MaxAttempts,
            Priority = wish.Priority ?? parent.Class,
            PermissionLevel = wish.PermissionLevel ?? VineJson.Parse<PermissionLevel>(parent.PermissionLevel),
            DependsOn = [.. wish.DependsOn ?? [], .. afterParent ? [parent.Id] : Array.Empty<Guid>()],
            Payload = parent.Runtime == RuntimeNames.Command ? JsonColumn.Element(parent.Payload) : null,
        };
        CheckShape(request);
        request = request with { BudgetUsd = await TakeBudgetAsync(unit, parent, wish.BudgetUsd) };
        var repository = await RepositoryRecords.GetAsync(unit, parent.RepositoryId);
        return await create.FileAsync(unit, request, repository, new TaskParent(parent.Id, executionId, key), cancellationToken);
    }

    // Looked at under the parent's lock, so that calls side by side are counted.
    private static async Task CheckAsync(IUnitOfWork unit, ExecutionRow execution, TaskRow parent, CreateTaskRequest wish)
    {
        if (execution.State != ExecutionStatus.Running || parent.ExecutionId != execution.Id)
        {
            throw Refused("the attempt is over");
        }

        if (parent.State is not (AgentTaskStatus.InProgress or AgentTaskStatus.Waiting))
        {
            throw Refused($"your own task is {parent.Status}: stop");
        }

        if (await unit.FirstOrDefaultAsync<long>(TasksSql.SubtasksOfAttempt, new { parent.Id, ExecutionId = execution.Id }) >= MostPerAttempt)
        {
            throw Refused($"this attempt has filed {MostPerAttempt} tasks, and may file no more: do the rest yourself, or say what is left with your last words");
        }

        if (await DepthAsync(unit, parent) >= Deepest)
        {
            throw Refused($"tasks are filed {Deepest} deep at most, and yours is that deep: do it yourself, or say what is left with your last words");
        }

        var level = VineJson.Parse<PermissionLevel>(parent.PermissionLevel);
        if (wish.PermissionLevel < level)
        {
            throw Refused($"permission_level {VineJson.Name(wish.PermissionLevel.Value)} is above yours, which is {VineJson.Name(level)}: leave it out, or take a stricter one");
        }

        if (wish.Priority < parent.Class)
        {
            throw Refused($"priority {VineJson.Name(wish.Priority.Value)} is above yours, which is {VineJson.Name(parent.Class)}: leave it out, or take a lower one");
        }

        var siblings = await unit.QueryAsync<Guid>(TasksSql.Subtasks, new { parent.Id });
        if ((wish.DependsOn ?? []).FirstOrDefault(id => !siblings.Contains(id)) is var foreign && foreign != Guid.Empty)
        {
            throw Refused($"depends_on names {foreign}, which is none of the tasks that were filed below yours");
        }
    }

    private static async Task<int> DepthAsync(IReadSession session, TaskRow task)
    {
        var depth = 0;
        for (var above = task.ParentId; above is { } id && depth < Deepest; depth++)
        {
            above = (await TaskRecords.FindAsync(session, id))?.ParentId;
        }

        return depth;
    }

    // What the one is given the other has no more; with none named it is half of what is left.
    private static async Task<decimal?> TakeBudgetAsync(IUnitOfWork unit, TaskRow parent, decimal? wanted)
    {
        if (parent.Budget is not { } budget)
        {
            return wanted;
        }

        var left = budget - await Budgets.CommittedAsync(unit, parent.Id);
        var taken = wanted?.Micros() ?? left / 2;
        if (taken > left || left < LeastBudget || taken < LeastBudget)
        {
            throw Refused($"budget_usd comes out of what your task has left, and that is {Math.Max(0, left).Dollar():0.00} US dollars: ask for less, or do it yourself");
        }

        parent.Budget = budget - taken;
        await unit.ExecuteAsync(TasksSql.Edit, parent);
        return taken.Dollar();
    }

    // The rules of POST /api/v1/tasks: what an agent writes is data like anybody's.
    private static void CheckShape(CreateTaskRequest request)
    {
        var faults = new Faults();
        new BodyCheck(faults, refuseUnknown: true).Run(JsonSerializer.SerializeToElement(request, VineJson.Options), typeof(CreateTaskRequest));
        if (request.DependsOn!.Distinct().Count() != request.DependsOn!.Count)
        {
            faults.Add("depends_on", "names a task twice");
        }

        faults.ThrowIfAny();
    }

    private static ProblemException Refused(string why) => new(409, ErrorCodes.TasksSubtaskNotAllowed, $"No task was filed: {why}.");
}

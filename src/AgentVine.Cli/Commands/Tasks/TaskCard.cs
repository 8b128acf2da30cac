using AgentVine.Cli.Ids;
using AgentVine.Cli.Output;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using Spectre.Console;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary>All of a task on one screen.</summary>
internal sealed class TaskCard(IAnsiConsole painter, TimeProvider time)
{
    public void Write(TaskView task, IReadOnlyList<ExecutionView> attempts)
    {
        painter.Line(Printable.Line(task.Title), Look.Bold);
        Field("id", task.Id.ToString("D"));
        Field("status", Status(task), Look.Of(task.Status));
        Field("kind", $"{Words.Of(task.TaskType)}, {Words.Of(task.Priority)} priority, {VineJson.Name(task.PermissionLevel)}");
        Field("agent", task.Model is null ? task.Runtime : $"{task.Runtime}, {task.Model}");
        Field("repository", task.RepositoryUrl + (task.BranchName is null ? "" : $" at {task.BranchName}"));
        Field("depends on", string.Join(", ", task.DependsOn.Select(ShortId.Of)));
        Field("filed by", task.ParentId is { } parent ? $"the agent of {ShortId.Of(parent)}" : null);
        Field("filed", string.Join(", ", task.Subtasks.Select(ShortId.Of)));
        Field("branch", task.WorkBranch);
        WriteResult(task);
        Field("spent", Spent(task));
        Field("session", task.SessionId);
        foreach (var attempt in attempts)
        {
            Field($"attempt {attempt.Attempt}", Attempt(attempt));
        }

        if (!string.IsNullOrWhiteSpace(task.Description))
        {
            painter.Line();
            painter.Block(task.Description, "  ", Look.Plain);
        }

        if (task.Result?.Summary is { Length: > 0 } summary)
        {
            painter.Line();
            painter.Line("  result", Look.Dim);
            painter.Block(summary, "  ", Look.Plain);
        }

        painter.Line();
        painter.Line(NextStep(task), Look.Dim);
    }

    /// <summary>What a person can do now.</summary>
    public static string NextStep(TaskView task)
    {
        var id = ShortId.Of(task.Id);
        return task.Status switch
        {
            AgentTaskStatus.Waiting => "its agent waits for an answer: vine inbox",
            AgentTaskStatus.InReview => $"look with: vine task diff {id}; then: vine task accept {id}, or: vine task reject {id} \"what to change\"",
            AgentTaskStatus.Failed => $"see why, and what to try, with: vine dead show {id}; try again with: vine task retry {id}",
            AgentTaskStatus.Blocked => $"change what it waits for with: vine task edit {id} --depends-on TASK, or --no-dependencies",
            AgentTaskStatus.Completed when task.Result?.Commit is not null => $"see the change with: vine task diff {id}",
            AgentTaskStatus.Completed or AgentTaskStatus.Cancelled => $"read what happened with: vine task logs {id}",
            _ => $"follow it with: vine task logs -f {id}",
        };
    }

    private void WriteResult(TaskView task)
    {
        if (task.Result is { } result)
        {
            Field("commit", result.Commit);
            Field("change", result.DiffStat is { } stat ? Words.Of(stat) : result.Checked == "no_change" ? "none" : null);
            Field("checks", result.Checked is "no_change" ? null : result.Checked);
            var tokens = result.Tokens is { } used ? Words.Count(used.Input + used.Output + used.CacheRead + used.CacheWrite, "token") : null;
            Field("cost", string.Join(", ", new[] { result.CostUsd is { } cost ? Words.Dollars(cost) : null, tokens }.OfType<string>()));
        }

        if (task.Error is { } error)
        {
            Field("error", $"{Words.Of(error.Kind)}: {error.Message}", Look.Bad);
        }
    }

    private static string? Spent(TaskView task) =>
        task.BudgetUsd is { } budget ? $"{Words.Dollars(task.SpentUsd)} of {Words.Dollars(budget)}"
        : task.SpentUsd > 0 ? Words.Dollars(task.SpentUsd)
        : null;

    private string Status(TaskView task)
    {
        var since = Words.Age(task.FinishedAt ?? task.UpdatedAt, time);
        var state = $"{Words.Of(task.Status)} for {since}{Words.Doubt(task.UnconfirmedSince, task.StalledSince, time)}";
        return task.StatusReason is { Length: > 0 } reason ? $"{state}: {reason}" : state;
    }

    private string Attempt(ExecutionView attempt)
    {
        var end = attempt.EndedAt ?? time.GetUtcNow();
        var error = attempt.Error is null ? "" : $": {attempt.Error.Message}";
        var state = Words.Of(attempt.Status) + Words.Doubt(attempt.UnconfirmedSince, attempt.StalledSince, time);
        var checkpoint = attempt.Checkpoint is { } n ? $", checkpoint {n}" : "";
        return $"{state}, {Words.Span(end - attempt.StartedAt)} on {attempt.WorkerName}{(attempt.Account is null ? "" : $", account {attempt.Account}")}{(attempt.ResumedFrom is null ? "" : ", resumed")}{checkpoint}{error}";
    }

    private void Field(string name, string? value) => Field(name, value, Look.Plain);

    private void Field(string name, string? value, Style style)
    {
        if (!string.IsNullOrEmpty(value))
        {
            painter.Line(($"  {name,-12}", Look.Dim), (Printable.Line(value), style));
        }
    }
}

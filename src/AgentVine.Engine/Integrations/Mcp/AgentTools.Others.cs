using System.ComponentModel;
using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Conversations;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using ModelContextProtocol;

namespace AgentVine.Engine.Integrations.Mcp;

/// <summary>What an agent says to others: tasks for further agents, messages for the people of its own.</summary>
internal sealed partial class AgentTools
{
    [Description(
        "File a task for another agent in the same repository, which works on it beside you or after you, and hands its work to people as you do. "
        + "Use it for work that is worth a review of its own, not for steps of yours. You do not get its result. The same call again files nothing new.")]
    private async Task<string> CreateSubtaskAsync(
        [Description("One line that says what is wanted.")] string title,
        [Description("The whole wish, complete in itself: the other agent knows nothing of your conversation and does not see your uncommitted work.")] string description,
        [Description("feature (default), bugfix, test, docs, refactor or review.")] string? task_type = null,
        [Description("high, normal or low; not above your own task's, which is the default.")] string? priority = null,
        [Description("autonomous, supervised or human-required; not above your own task's, which is the default.")] string? permission_level = null,
        [Description("Whether it begins when your own task is completed, with your work in its files. Default: false, it begins at once.")] bool depends_on_me = false,
        [Description("Ids of tasks filed with this tool before that must be completed first.")] string[]? depends_on = null,
        [Description("US dollars out of your own task's budget, where it has one; half of what is left by default.")] decimal? budget_usd = null,
        CancellationToken cancellationToken = default)
    {
        var wish = new CreateTaskRequest
        {
            Title = Text(title, "title", 200),
            Description = Text(description, "description", 65_536),
            TaskType = Word<TaskType>(task_type, "task_type"),
            Priority = Word<TaskPriority>(priority, "priority"),
            PermissionLevel = Word<PermissionLevel>(permission_level, "permission_level"),
            DependsOn = depends_on is { Length: > 0 } ? [.. depends_on.Select(Id)] : null,
            BudgetUsd = budget_usd,
        };
        var task = await InWordsAsync(() => store.WriteAsync(
            agent.OrganizationId, unit => subtasks.RunAsync(unit, agent.ExecutionId, wish, depends_on_me, cancellationToken), cancellationToken));
        return JsonColumn.Write(new { task.Id, task.Title, task.Status, task.StatusReason, task.PermissionLevel, task.Priority, task.BudgetUsd })!;
    }

    [Description(
        "Write to the people of this task, in its conversation: what they should know and need not answer. It does not wait. "
        + "For a question use ask_human.")]
    private async Task<string> SendMessageAsync(
        [Description("The message, in Markdown, complete in itself.")] string content,
        CancellationToken cancellationToken = default)
    {
        var words = Text(content, "content", 20_000);
        await InWordsAsync(() => store.WriteAsync(
            agent.OrganizationId,
            async unit => await MessageDesk.PostFromAgentAsync(unit, await ExecutionRecords.GetAsync(unit, agent.ExecutionId), words),
            cancellationToken));
        return "Sent.";
    }

    // A refusal tells the agent what to do; any other exception would only say that something failed.
    private static async Task<T> InWordsAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (ProblemException refusal)
        {
            throw new McpException(refusal.Message);
        }
    }

    private static T? Word<T>(string? word, string name) where T : struct, Enum =>
        string.IsNullOrWhiteSpace(word) ? null
        : VineJson.TryParse<T>(word.Trim(), out var value) ? value
        : throw new McpException($"{name} is '{Text(word, name, 200)}'; it must be one of: {string.Join(", ", Enum.GetValues<T>().Select(VineJson.Name))}.");

    private static Guid Id(string text) =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw new McpException($"depends_on has '{Text(text, "an id", 200)}', which is no id of a task.");
}

using System.Reflection;
using System.Text;
using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Queue;

namespace AgentVine.Worker;

/// <summary>The agent's first user turn: what it is to do, what it is to know of attempts before, and what people said since.</summary>
internal static class Instructions
{
    /// <param name="order">The attempt.</param>
    /// <param name="workspace">Where it works.</param>
    /// <param name="resumes">Whether its agent has the conversation that the order names.</param>
    public static string For(WorkOrderView order, Workspace workspace, bool resumes) =>
        For(order, workspace.TargetBranch, workspace.WorkBranch, workspace.Clone, resumes, workspace.MergedIn);

    public static string For(
        WorkOrderView order, string targetBranch, string workBranch, string folder, bool resumes, IReadOnlyList<WorkOrderDependency>? mergedIn = null)
    {
        var text = new StringBuilder();
        if (resumes && order.Session is { Reused: false })
        {
            GoOn(text, order, folder);
        }
        else
        {
            Begin(text, order, targetBranch, workBranch, folder, resumes, mergedIn ?? []);
        }

        return text.ToString();
    }

    private static JsonSerializerOptions Indented { get; } = new(VineJson.Options) { WriteIndented = true };

    private static void GoOn(StringBuilder text, WorkOrderView order, string folder)
    {
        text.Append("You are back at your task \u201c").Append(order.Task.Title).Append("\u201d. ").AppendLine(Because(order));
        text.AppendLine().AppendLine(
            $"Your working directory is {folder}, whatever it was before. Its files are as you left them, though what you had not committed may be in a commit \u201cWork in progress\u201d; a tool that was cut off may have to be "
            + "used again, after a look at what it had done. Programs that you had started are gone. Do not begin anew: go on where you stopped.");
        Say(text, order, "Take it into account:");
    }

    private static void Begin(
        StringBuilder text, WorkOrderView order, string targetBranch, string workBranch, string folder, bool resumes, IReadOnlyList<WorkOrderDependency> mergedIn)
    {
        var task = order.Task;
        if (resumes)
        {
            text.AppendLine(
                $"This is another task. Your working directory is {folder}, a fresh clone of {targetBranch}: edits of earlier tasks are in it only if they were merged.").AppendLine();
        }

        text.AppendLine(Template(VineJson.Name(task.TaskType)).Replace("{work_branch}", workBranch, StringComparison.Ordinal)
            .Replace("{target_branch}", targetBranch, StringComparison.Ordinal).Trim());
        text.AppendLine().AppendLine("# Task").AppendLine(task.Title);
        if (!string.IsNullOrWhiteSpace(task.Description))
        {
            text.AppendLine().AppendLine(task.Description.Trim());
        }

        if (task.Context is { } context)
        {
            text.AppendLine().AppendLine("# Context").AppendLine(JsonSerializer.Serialize(context, Indented));
        }

        if (mergedIn.Count > 0)
        {
            text.AppendLine().AppendLine("# Work of other tasks in your files").AppendLine(
                $"This task builds on others whose work is not in {targetBranch} yet. It is merged into what you start from, and is not yours to hand back: change it where your task needs that.");
            foreach (var dependency in mergedIn)
            {
                text.AppendLine($"- \u201c{dependency.Title}\u201d, at {dependency.Commit[..10]}");
            }
        }

        if (order.Checkpoint is not null)
        {
            text.AppendLine().AppendLine("# Earlier work").AppendLine(
                "Another agent has worked on this before you. " + Because(order)
                + " Its commits are on your branch, and what it had not committed is in your working directory: look at both before you go on from there.");
        }

        Say(text, order, order.Checkpoint is null ? "Take it into account:" : "Change the earlier work as asked:");
    }

    private static string Because(WorkOrderView order) => $"The last attempt ended: {order.ResumedBecause?.Trim().TrimEnd('.') ?? "it was cut short"}.";

    private static void Say(StringBuilder text, WorkOrderView order, string introduction)
    {
        if (order.Feedback.Count == 0)
        {
            return;
        }

        text.AppendLine().AppendLine("# What people said since").AppendLine(introduction);
        foreach (var feedback in order.Feedback)
        {
            text.AppendLine().AppendLine(feedback.Content.Trim());
        }
    }

    private static string Template(string taskType)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{taskType}.md")
            ?? throw new InvalidOperationException($"There is no instruction template for the task type '{taskType}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

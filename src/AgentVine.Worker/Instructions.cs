using System.Reflection;
using System.Text;
using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Queue;

namespace AgentVine.Worker;

/// <summary>The agent's first user turn: its task type's template, the task, and what people said since.</summary>
internal static class Instructions
{
    public static string For(WorkOrderView order, string targetBranch, string workBranch)
    {
        var task = order.Task;
        var text = new StringBuilder();
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

        if (order.Feedback.Count > 0)
        {
            text.AppendLine().AppendLine("# What people said since").AppendLine(order.Checkpoint is null
                ? "Take it into account:"
                : "Your earlier work is on the branch. It was not accepted as it is; change it as asked:");
            foreach (var feedback in order.Feedback)
            {
                text.AppendLine().AppendLine(feedback.Content.Trim());
            }
        }

        return text.ToString();
    }

    private static JsonSerializerOptions Indented { get; } = new(VineJson.Options) { WriteIndented = true };

    private static string Template(string taskType)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{taskType}.md")
            ?? throw new InvalidOperationException($"There is no instruction template for the task type '{taskType}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

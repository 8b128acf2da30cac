using AgentVine.Cli;
using AgentVine.Cli.Output;
using AgentVine.Client;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Host.Demo;

/// <summary>What came of the demo: each task's end, cost, time and diff.</summary>
internal static class DemoSummary
{
    /// <returns>Whether every task ended as promised: completed, with work on a branch.</returns>
    public static async Task<bool> WriteAsync(CommandRun run, VineClient client, IReadOnlyList<TaskView> filed, CancellationToken stop)
    {
        var kept = true;
        foreach (var id in filed.Select(task => task.Id))
        {
            var task = await client.GetTaskAsync(id, stop);
            var good = task is { Status: AgentTaskStatus.Completed, Result.Commit: not null };
            kept &= good;
            run.Painter.Line();
            run.Painter.Line((task.Title, Look.Bold), ($"  {Words.Of(task.Status)}", Look.Of(task.Status)));
            run.Painter.Line($"  branch  {task.WorkBranch ?? "none"}{(task.Result?.DiffStat is { } stat ? $" ({Words.Of(stat)})" : "")}", Look.Plain);
            run.Painter.Line($"  agent   {Printable.Line(task.Result?.Summary ?? task.Error?.Message ?? "")}", Look.Plain);
            run.Painter.Line($"  time    {Words.Span((task.FinishedAt ?? task.UpdatedAt) - task.CreatedAt)}, cost {Words.Dollars(task.Result?.CostUsd ?? 0)} at list price of a real model", Look.Plain);
            if (good)
            {
                using var diff = new MemoryStream();
                await client.CopyDiffAsync(id, diff, stop);
                run.Painter.Block(Printable.Lines(System.Text.Encoding.UTF8.GetString(diff.ToArray())), "    ", Look.Dim);
            }
        }

        run.Painter.Line();
        run.Painter.Line(kept ? "Every task ended as promised. Now with a repository of yours: vine up" : "Not every task ended as promised.", kept ? Look.Good : Look.Bad);
        return kept;
    }
}

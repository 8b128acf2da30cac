using System.CommandLine;
using AgentVine.Cli.Ids;
using AgentVine.Cli.Output;
using AgentVine.Contracts.Tasks;
using Spectre.Console;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary><c>vine task list</c></summary>
internal sealed class ListCommand : VineCommand
{
    private const int DefaultLimit = 50;
    private const int LongestReason = 60;
    private readonly Option<string> _status = Choices.Of<AgentTaskStatus>("--status", "Only those");
    private readonly Option<int> _limit = new("--limit", "-n") { Description = "How many at most, the newest first", HelpName = "number", DefaultValueFactory = _ => DefaultLimit };

    public ListCommand(CommandContext context)
        : base(context, "list", "List tasks, the newest first")
    {
        _limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--limit must be 1 or more");
            }
        });
        Add(_status);
        Add(_limit);
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var limit = run.Get(_limit);
        var tasks = new List<TaskView>();
        var more = false;
        await foreach (var task in run.Client.EnumerateTasksAsync(run.Value<AgentTaskStatus>(_status), cancellationToken))
        {
            more = tasks.Count == limit;
            if (more)
            {
                break;
            }

            tasks.Add(task);
        }

        if (run.Json)
        {
            run.WriteData(tasks);
            return ExitCode.Ok;
        }

        Show(run, tasks);
        if (more)
        {
            run.Note($"there are more; -n shows more than these {limit}");
        }

        return ExitCode.Ok;
    }

    private static void Show(CommandRun run, IReadOnlyList<TaskView> tasks)
    {
        if (tasks.Count == 0)
        {
            run.Note("no tasks; file one with: vine task add \"…\"");
            return;
        }

        // Why a task stands where it stands, where one of them does not say it by its status.
        var why = tasks.Any(task => task.StatusReason is { Length: > 0 });
        var table = new TextTable(["ID", "STATUS", "TITLE", "REPOSITORY", "BRANCH", "AGE", .. why ? ["WHY"] : Array.Empty<string>()]) { Flexible = 2 };
        foreach (var task in tasks)
        {
            table.Add(
            [
                (ShortId.Of(task.Id), Look.Bold),
                (Words.Of(task.Status) + Words.Doubt(task.UnconfirmedSince, task.StalledSince, run.Context.Time), Look.Of(task.Status)),
                (task.Title, Look.Plain),
                (Words.Repository(task.RepositoryUrl), Look.Plain),
                (task.BranchName ?? "", Look.Plain),
                (Words.Age(task.CreatedAt, run.Context.Time), Look.Dim),
                .. why ? [(Printable.Brief(task.StatusReason ?? "", LongestReason), Look.Dim)] : Array.Empty<(string, Style)>(),
            ]);
        }

        table.Write(run.Painter, run.Width);
    }
}

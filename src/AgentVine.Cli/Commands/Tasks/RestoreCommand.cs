using System.CommandLine;
using AgentVine.Cli.Ids;
using AgentVine.Cli.Output;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary><c>vine task restore</c></summary>
internal sealed class RestoreCommand : VineCommand
{
    private readonly Argument<string> _task = TaskArgument.Create();
    private readonly Option<int?> _attempt = new("--attempt") { Description = "The attempt's number; the newest that has a checkpoint without it" };
    private readonly Option<int?> _checkpoint = new("--checkpoint") { Description = "The checkpoint's number within its attempt; the newest without it" };
    private readonly Option<string?> _to = new("--to") { Description = "The folder to make; one named after task, attempt and checkpoint without it" };
    private readonly Option<bool> _list = new("--list") { Description = "List the checkpoints and restore none" };

    public RestoreCommand(CommandContext context)
        : base(context, "restore", "Bring an attempt's files of any checkpoint into a new folder, as a git repository")
    {
        Add(_task);
        Add(_attempt);
        Add(_checkpoint);
        Add(_to);
        Add(_list);
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var task = await run.Client.GetTaskAsync(await IdFinder.TaskAsync(run, run.Get(_task)!, cancellationToken), cancellationToken);
        var checkpoints = await ListAsync(run, task, cancellationToken);
        if (run.Get(_list))
        {
            Show(run, task, checkpoints);
            return ExitCode.Ok;
        }

        var chosen = Choose(run, task, checkpoints);
        var folder = Path.GetFullPath(
            run.Get(_to) ?? $"restored-{ShortId.Of(task.Id)}-{chosen.Attempt}-{chosen.N}", run.Context.WorkingDirectory);
        if (Path.Exists(folder) && (File.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new CommandException(ExitCode.Usage, $"'{folder}' is there already: restoring makes a folder and overwrites none; name another with --to");
        }

        await new RestoredFolder(run.Client, folder).FillAsync(task, chosen, cancellationToken);
        Tell(run, chosen, folder);
        return ExitCode.Ok;
    }

    private async Task<IReadOnlyList<CheckpointView>> ListAsync(CommandRun run, TaskView task, CancellationToken cancellationToken)
    {
        var wanted = run.Get(_attempt);
        var found = new List<CheckpointView>();
        foreach (var execution in await run.Client.ListTaskExecutionsAsync(task.Id, cancellationToken))
        {
            if (wanted is null || execution.Attempt == wanted)
            {
                found.AddRange(await run.Client.ListCheckpointsAsync(execution.Id, cancellationToken));
            }
        }

        return found;
    }

    private CheckpointView Choose(CommandRun run, TaskView task, IReadOnlyList<CheckpointView> checkpoints)
    {
        var (attempt, n) = (run.Get(_attempt), run.Get(_checkpoint));
        var found = checkpoints.LastOrDefault(checkpoint => n is null || checkpoint.N == n);
        if (found is not null)
        {
            return found;
        }

        var which = (attempt is null ? "" : $" of attempt {attempt}") + (n is null ? "" : $" with the number {n}");
        throw new CommandException(
            ExitCode.NotFound,
            $"task {ShortId.Of(task.Id)} has no checkpoint{which}; `vine task restore {ShortId.Of(task.Id)} --list` lists those it has");
    }

    private static void Show(CommandRun run, TaskView task, IReadOnlyList<CheckpointView> checkpoints)
    {
        if (run.Json)
        {
            run.WriteData(checkpoints);
            return;
        }

        if (checkpoints.Count == 0)
        {
            run.Note($"task {ShortId.Of(task.Id)} has no checkpoint: no agent worked on it so far that it was stored");
            return;
        }

        var table = new TextTable("ATTEMPT", "CHECKPOINT", "AGE", "TAKEN AT", "COMMIT", "CONVERSATION");
        foreach (var checkpoint in checkpoints)
        {
            table.Add(
                ($"{checkpoint.Attempt}", Look.Bold),
                ($"{checkpoint.N}", Look.Bold),
                (Words.Age(checkpoint.CreatedAt, run.Context.Time), Look.Plain),
                (Words.Of(checkpoint.Trigger), Look.Plain),
                (checkpoint.Commit[..10], Look.Dim),
                (checkpoint.TranscriptBytes > 0 ? $"{checkpoint.TranscriptBytes / 1024} KiB" : "none", Look.Dim));
        }

        table.Write(run.Painter, run.Width);
    }

    private static void Tell(CommandRun run, CheckpointView checkpoint, string folder)
    {
        if (run.Json)
        {
            run.WriteData(new { Folder = folder, Checkpoint = checkpoint });
            return;
        }

        run.Painter.Line(
            $"restored checkpoint {checkpoint.N} of attempt {checkpoint.Attempt} ({Words.Of(checkpoint.Trigger)}, {Words.Moment(checkpoint.CreatedAt, run.Context.Time)}) into {folder}",
            Look.Good);
        run.Painter.Line(
            $"HEAD is what the agent had checked out ({checkpoint.HeadCommit[..10]}), what it had not committed is uncommitted; refs/vine/restored is the whole of it", Look.Dim);
    }
}

using System.CommandLine;
using System.Globalization;
using AgentVine.Cli.Ids;
using AgentVine.Cli.Output;
using AgentVine.Cli.Settings;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary><c>vine task edit</c></summary>
internal sealed class EditCommand : VineCommand
{
    private readonly Argument<string> _task = TaskArgument.Create();
    private readonly Option<string> _title = new("--title") { Description = "One line that says what is wanted", HelpName = "text" };
    private readonly Option<string> _description = new("--description", "-d") { Description = "The whole wish; empty takes it away", HelpName = "text" };
    private readonly Option<string> _descriptionFile = new("--description-file") { Description = "A file with the whole wish; - reads standard input", HelpName = "file" };
    private readonly Option<string> _priority = Choices.Of<TaskPriority>("--priority", "Which queue");
    private readonly Option<string> _timeout = new("--timeout") { Description = "Agent time of one attempt, as in 90m", HelpName = "time" };
    private readonly Option<int?> _attempts = new("--max-attempts") { Description = "How often it is tried", HelpName = "number" };
    private readonly Option<string> _budget = new("--budget") { Description = "What its model calls may cost in US dollars, all attempts together; 0 lifts the limit", HelpName = "dollars" };
    private readonly Option<string> _model = new("--model") { Description = "The model, as the runtime names it; empty leaves it to that", HelpName = "model" };
    private readonly Option<string[]> _dependsOn = new("--depends-on") { Description = "A task that must be completed first, in place of those it had; may be given again", HelpName = "task" };
    private readonly Option<bool> _independent = new("--no-dependencies") { Description = "Have it wait for no task" };

    public EditCommand(CommandContext context)
        : base(context, "edit", "Change a task; its next attempt begins with that")
    {
        Add(_task);
        foreach (var option in (Option[])[_title, _description, _descriptionFile, _priority, _timeout, _attempts, _budget, _model, _dependsOn, _independent])
        {
            Add(option);
        }
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var id = await IdFinder.TaskAsync(run, run.Get(_task)!, cancellationToken);
        var request = await ReadAsync(run, cancellationToken);
        if (request == new UpdateTaskRequest())
        {
            throw new CommandException(ExitCode.Usage, "there is nothing to change; see vine task edit --help");
        }

        var task = await run.Client.UpdateTaskAsync(id, request, cancellationToken);
        if (run.Json)
        {
            run.WriteData(task);
        }
        else
        {
            run.Painter.Line(
                ("changed ", Look.Dim), (ShortId.Of(task.Id), Look.Bold), ($"  {Printable.Line(task.Title)}: ", Look.Plain), (Words.Of(task.Status), Look.Of(task.Status)));
            if (task.StatusReason is { Length: > 0 } reason)
            {
                run.Painter.Line("  " + Printable.Line(reason), Look.Dim);
            }
        }

        return ExitCode.Ok;
    }

    private async Task<UpdateTaskRequest> ReadAsync(CommandRun run, CancellationToken cancellationToken) => new()
    {
        Title = run.Get(_title),
        Description = await DescriptionAsync(run, cancellationToken),
        Priority = run.Value<TaskPriority>(_priority),
        Timeout = Timeout(run),
        MaxAttempts = run.Get(_attempts),
        BudgetUsd = Budget(run),
        Model = run.Get(_model),
        DependsOn = await DependsOnAsync(run, cancellationToken),
    };

    private async Task<string?> DescriptionAsync(CommandRun run, CancellationToken cancellationToken) =>
        (run.Get(_description), run.Get(_descriptionFile)) switch
        {
            (not null, not null) => throw new CommandException(ExitCode.Usage, "--description and --description-file are both there; give one of them"),
            ("-", _) or (_, "-") => await run.Context.Console.In.ReadToEndAsync(cancellationToken),
            (_, { } file) => await File.ReadAllTextAsync(Path.GetFullPath(file, run.Context.WorkingDirectory), cancellationToken),
            var (text, _) => text,
        };

    private async Task<IReadOnlyList<Guid>?> DependsOnAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var named = run.Get(_dependsOn) ?? [];
        if (run.Get(_independent))
        {
            return named.Length == 0 ? [] : throw new CommandException(ExitCode.Usage, "--depends-on and --no-dependencies are both there; give one of them");
        }

        var ids = new List<Guid>();
        foreach (var dependency in named)
        {
            ids.Add(await IdFinder.TaskAsync(run, dependency, cancellationToken));
        }

        return ids.Count == 0 ? null : ids;
    }

    private int? Timeout(CommandRun run) => run.Get(_timeout) is not { } text ? null
        : Durations.Parse(text) is { TotalSeconds: >= 1 } timeout ? (int)timeout.TotalSeconds
        : throw new CommandException(ExitCode.Usage, $"--timeout is '{text}', but must be {Durations.Rule}");

    private decimal? Budget(CommandRun run) => run.Get(_budget) is not { } text ? null
        : decimal.TryParse(text.TrimStart('$'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars) ? dollars
        : throw new CommandException(ExitCode.Usage, $"--budget is '{text}', but must be dollars, as in 2.50");
}

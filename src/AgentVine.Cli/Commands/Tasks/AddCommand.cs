using System.CommandLine;
using System.Text.Json;
using AgentVine.Cli.Ids;
using AgentVine.Cli.Output;
using AgentVine.Cli.Settings;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary><c>vine task add</c></summary>
internal sealed class AddCommand : VineCommand
{
    private const string StandardInput = "-";
    private readonly Argument<string> _title = new("title") { Description = "One line that says what is wanted" };
    private readonly Option<string> _description = new("--description", "-d") { Description = "The whole wish; - reads standard input", HelpName = "text" };
    private readonly Option<string> _descriptionFile = new("--description-file") { Description = "A file with the whole wish; - reads standard input", HelpName = "file" };
    private readonly Option<string> _repository = new("--repo", "-r") { Description = "A folder or a git URL; the repository of this folder by default", HelpName = "repository", DefaultValueFactory = _ => "." };
    private readonly Option<string> _branch = new("--branch", "-b") { Description = "The target branch; the repository's default by default", HelpName = "branch" };
    private readonly Option<string> _type = Choices.Of<TaskType>("--type", "What kind of work");
    private readonly Option<string> _priority = Choices.Of<TaskPriority>("--priority", "Which queue");
    private readonly Option<string> _permission = Choices.Of<PermissionLevel>("--permission", "How much of the result needs a person");
    private readonly Option<string> _runtime = new("--runtime") { Description = "The driver of its agent; the server's default by default", HelpName = "runtime" };
    private readonly Option<string> _model = new("--model") { Description = "The model, as the runtime names it", HelpName = "model" };
    private readonly Option<string> _payload = new("--payload") { Description = "A JSON object for the runtime; @file reads one", HelpName = "json" };
    private readonly Option<string[]> _dependsOn = new("--depends-on") { Description = "A task that must be completed first; may be given again", HelpName = "task" };
    private readonly Option<string> _timeout = new("--timeout") { Description = "Agent time of one attempt, as in 90m", HelpName = "time" };
    private readonly Option<decimal?> _budget = new("--budget") { Description = "US dollars that its model calls may cost in all attempts together", HelpName = "dollars" };
    private readonly Option<bool> _watch = new("--watch", "-w") { Description = "Follow the task until it is over" };

    public AddCommand(CommandContext context)
        : base(context, "add", "File a task")
    {
        Add(_title);
        foreach (var option in (Option[])[_description, _descriptionFile, _repository, _branch, _type, _priority, _permission, _runtime, _model, _payload, _dependsOn, _timeout, _budget, _watch])
        {
            Add(option);
        }
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var task = await run.Client.CreateTaskAsync(await ReadAsync(run, cancellationToken), cancellationToken);
        var id = ShortId.Of(task.Id);
        if (run.Get(_watch))
        {
            run.Painter.Line(("filed ", Look.Dim), (id, Look.Bold), ("  " + Printable.Line(task.Title), Look.Plain));
            return await new TaskFollower(run, task.Id).FollowAsync(cancellationToken);
        }

        if (run.Json)
        {
            run.WriteData(task);
            return ExitCode.Ok;
        }

        run.Painter.Line(("filed ", Look.Dim), (id, Look.Bold), ("  " + Printable.Line(task.Title), Look.Plain));
        run.Painter.Line($"follow it with: vine task logs -f {id}", Look.Dim);
        return ExitCode.Ok;
    }

    private async Task<CreateTaskRequest> ReadAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var dependsOn = new List<Guid>();
        foreach (var dependency in run.Get(_dependsOn) ?? [])
        {
            dependsOn.Add(await IdFinder.TaskAsync(run, dependency, cancellationToken));
        }

        return new CreateTaskRequest
        {
            Title = run.Get(_title),
            Description = await DescriptionAsync(run, cancellationToken),
            RepositoryUrl = RepositoryArgument.Resolve(run.Get(_repository)!, run.Context.WorkingDirectory),
            BranchName = run.Get(_branch),
            TaskType = run.Value<TaskType>(_type),
            Priority = run.Value<TaskPriority>(_priority),
            PermissionLevel = run.Value<PermissionLevel>(_permission),
            Runtime = run.Get(_runtime),
            Model = run.Get(_model),
            Payload = await PayloadAsync(run, cancellationToken),
            DependsOn = dependsOn.Count > 0 ? dependsOn : null,
            Timeout = Timeout(run),
            BudgetUsd = run.Get(_budget),
        };
    }

    private async Task<string?> DescriptionAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var text = run.Get(_description);
        var file = run.Get(_descriptionFile);
        if (text is not null && file is not null)
        {
            throw new CommandException(ExitCode.Usage, "--description and --description-file are both there; give one of them");
        }

        return text == StandardInput || file == StandardInput ? await run.Context.Console.In.ReadToEndAsync(cancellationToken)
            : file is not null ? await File.ReadAllTextAsync(Path.GetFullPath(file, run.Context.WorkingDirectory), cancellationToken)
            : text;
    }

    private async Task<JsonElement?> PayloadAsync(CommandRun run, CancellationToken cancellationToken)
    {
        if (run.Get(_payload) is not { } text)
        {
            return null;
        }

        if (text.StartsWith('@'))
        {
            text = await File.ReadAllTextAsync(Path.GetFullPath(text[1..], run.Context.WorkingDirectory), cancellationToken);
        }

        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException exception)
        {
            throw new CommandException(ExitCode.Usage, $"--payload is not JSON: {exception.Message}", exception);
        }
    }

    private int? Timeout(CommandRun run) => run.Get(_timeout) is not { } text ? null
        : Durations.Parse(text) is { TotalSeconds: >= 1 } timeout ? (int)timeout.TotalSeconds
        : throw new CommandException(ExitCode.Usage, $"--timeout is '{text}', but must be {Durations.Rule}");
}

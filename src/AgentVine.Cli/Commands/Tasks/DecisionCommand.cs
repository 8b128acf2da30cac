using System.CommandLine;
using AgentVine.Cli.Ids;
using AgentVine.Cli.Output;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary>A command that moves one task and shows where it stands then.</summary>
internal abstract class DecisionCommand : VineCommand
{
    private readonly Argument<string> _task = TaskArgument.Create();

    protected DecisionCommand(CommandContext context, string name, string description)
        : base(context, name, description)
    {
        Add(_task);
    }

    protected abstract Task<TaskView> DecideAsync(CommandRun run, Guid id, CancellationToken cancellationToken);

    protected sealed override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var id = await IdFinder.TaskAsync(run, run.Get(_task)!, cancellationToken);
        var task = await DecideAsync(run, id, cancellationToken);
        if (run.Json)
        {
            run.WriteData(task);
            return ExitCode.Ok;
        }

        run.Painter.Line((ShortId.Of(task.Id), Look.Bold), (" is ", Look.Plain), (Words.Of(task.Status), Look.Of(task.Status)), ("  " + Printable.Line(task.Title), Look.Dim));
        return ExitCode.Ok;
    }
}

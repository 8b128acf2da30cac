using System.CommandLine;
using AgentVine.Cli.Commands.Tasks;
using AgentVine.Cli.Ids;

namespace AgentVine.Cli.Commands.Dead;

/// <summary><c>vine dead show</c></summary>
internal sealed class DeadShowCommand : VineCommand
{
    private readonly Argument<string> _task = TaskArgument.Create();

    public DeadShowCommand(CommandContext context)
        : base(context, "show", "Show why a task was given up, what was kept of it, and what to try")
    {
        Add(_task);
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var file = await run.Client.GetCaseFileAsync(await IdFinder.TaskAsync(run, run.Get(_task)!, cancellationToken), cancellationToken);
        if (run.Json)
        {
            run.WriteData(file);
        }
        else
        {
            new CaseCard(run.Painter, run.Context.Time).Write(file);
        }

        return ExitCode.Ok;
    }
}

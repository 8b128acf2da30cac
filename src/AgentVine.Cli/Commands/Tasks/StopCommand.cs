using System.CommandLine;
using AgentVine.Cli.Ids;
using AgentVine.Contracts.Executions;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary><c>vine task stop</c></summary>
internal sealed class StopCommand : VineCommand
{
    private readonly Argument<string> _task = TaskArgument.Create();

    public StopCommand(CommandContext context)
        : base(context, "stop", "End a task's running attempt now; the task is queued again and goes on from its last checkpoint")
    {
        Add(_task);
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var id = await IdFinder.TaskAsync(run, run.Get(_task)!, cancellationToken);
        var attempts = await run.Client.ListTaskExecutionsAsync(id, cancellationToken);
        if (attempts.LastOrDefault(attempt => attempt.Status == ExecutionStatus.Running) is not { } running)
        {
            throw new CommandException(ExitCode.Failed, $"task {ShortId.Of(id)} has no running attempt; see it with: vine task show {ShortId.Of(id)}");
        }

        await run.Client.StopExecutionAsync(running.Id, cancellationToken);
        run.Note($"attempt {running.Attempt} is told to stop; follow the task with: vine task logs -f {ShortId.Of(id)}");
        return ExitCode.Ok;
    }
}

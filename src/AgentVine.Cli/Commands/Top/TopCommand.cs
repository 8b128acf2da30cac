using System.CommandLine;
using AgentVine.Cli.Output;

namespace AgentVine.Cli.Commands.Top;

/// <summary><c>vine top</c></summary>
internal sealed class TopCommand : VineCommand
{
    private readonly Option<bool> _once = new("--once") { Description = "One frame, and end; so it is where output is no terminal" };

    public TopCommand(CommandContext context)
        : base(context, "top", "Watch the fleet: queues, workers, what runs, what needs you; Ctrl-C ends it") => Add(_once);

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var reader = new TopReader(run.Client, run.Context.Time);
        if (!run.Json && !run.Get(_once) && run.Context.Console.CanRepaint)
        {
            return await new TopFollower(run, reader).FollowAsync(cancellationToken);
        }

        var frame = await reader.ReadAsync(cancellationToken);
        if (run.Json)
        {
            run.WriteData(frame);
            return ExitCode.Ok;
        }

        foreach (var line in new TopScreen(run.Context.Time).Lay(frame, run.Width, height: null))
        {
            run.Painter.Line([.. line]);
        }

        return ExitCode.Ok;
    }
}

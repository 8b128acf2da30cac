using System.CommandLine;
using AgentVine.Cli;
using AgentVine.Cli.Commands;
using AgentVine.Host.Server;
using Spectre.Console;

namespace AgentVine.Host.Commands;

/// <summary><c>vine serve</c>: the server alone; workers come from elsewhere.</summary>
internal sealed class ServeCommand : VineCommand
{
    private readonly Option<string> _url = HostOptions.Url();
    private readonly Option<string> _port = HostOptions.Port();
    private readonly Option<string> _auth = HostOptions.Auth();
    private readonly Option<string> _runtime = HostOptions.Runtime();

    public ServeCommand(CommandContext context)
        : base(context, "serve", "Run the server alone, until Ctrl-C; workers join with vine worker")
    {
        foreach (var option in new Option[] { _url, _port, _auth, _runtime })
        {
            Add(option);
        }
    }

    public override TimeSpan? TerminationGrace => null;

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        run.Settings.Override("url", run.Get(_url), "--url");
        run.Settings.Override("port", run.Get(_port), "--port");
        run.Settings.Override("auth", run.Get(_auth), "--auth");
        run.Settings.Override("runtime", run.Get(_runtime), "--runtime");
        FolderSettings.Check(run.Settings);
        using var termination = new Termination();
        await using var server = await VineServer.StartAsync(ServerOptions.From(run.Settings), run.Context.Time, termination.First);
        run.Painter.MarkupLineInterpolated($"[bold]AgentVine[/] serves [bold]{server.Url}[/]; data in {server.DataFolder}");
        await run.Context.Console.Out.FlushAsync(cancellationToken);
        await server.WaitAsync(termination.First);
        return ExitCode.Ok;
    }
}

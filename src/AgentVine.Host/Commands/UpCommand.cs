using System.CommandLine;
using AgentVine.Cli;
using AgentVine.Cli.Commands;
using AgentVine.Host.Server;
using AgentVine.Host.Workers;
using AgentVine.Worker;

namespace AgentVine.Host.Commands;

/// <summary><c>vine up</c>: the whole system on this machine.</summary>
internal sealed class UpCommand : VineCommand
{
    private readonly Option<string> _url = HostOptions.Url();
    private readonly Option<string> _port = HostOptions.Port();
    private readonly Option<string> _auth = HostOptions.Auth();
    private readonly Option<string> _runtime = HostOptions.Runtime();
    private readonly Option<string> _workers = new("--workers") { Description = "How many workers to run; 3 by default, 0 is allowed", HelpName = "number" };
    private readonly Option<string> _slots = HostOptions.Slots();
    private readonly Option<string> _name = HostOptions.Name("What the workers are called, with a number; the machine's name by default");
    private readonly Option<string> _sandbox = HostOptions.Sandbox();
    private readonly Option<string> _network = HostOptions.Network();
    private readonly Option<string> _file = HostOptions.File();

    public UpCommand(CommandContext context)
        : base(context, "up", "Run everything on this machine: the server and workers, until Ctrl-C")
    {
        foreach (var option in new Option[] { _url, _port, _auth, _runtime, _workers, _slots, _name, _sandbox, _network, _file })
        {
            Add(option);
        }
    }

    public override TimeSpan? TerminationGrace => null;

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        Override(run);
        FolderSettings.Check(run.Settings);
        using var termination = new Termination();
        var serverOptions = ServerOptions.From(run.Settings);
        var count = run.Settings.Number("workers", 3, 0, 64);
        await using var server = await VineServer.StartAsync(serverOptions, run.Context.Time, termination.First);
        await using var replay = await ModelReplay.StartAsync(run, server.Loggers, termination.First);
        var fleet = new List<VineWorker>();
        try
        {
            for (var i = 1; i <= count; i++)
            {
                var options = replay.Apply(WorkerSettings.From(run.Settings, run.Context.Environment, server.Url, server.Key, number: i));
                fleet.Add(await VineWorker.CreateAsync(options, WorkerSettings.Claude(run), run.Context.Time, server.Loggers, termination.First));
            }

            UpBanner.Write(run, server, count);

            // The server goes with the workers, so what runs is handed back at once rather than finished.
            using var over = CancellationTokenSource.CreateLinkedTokenSource(termination.First);
            var working = Task.WhenAll(fleet.Select(worker => worker.RunAsync(over.Token, over.Token)));
            await server.WaitAsync(termination.First);
            await over.CancelAsync();
            await working;
        }
        finally
        {
            foreach (var worker in fleet)
            {
                worker.Dispose();
            }
        }

        return ExitCode.Ok;
    }

    private void Override(CommandRun run)
    {
        run.Settings.Override("url", run.Get(_url), "--url");
        run.Settings.Override("port", run.Get(_port), "--port");
        run.Settings.Override("auth", run.Get(_auth), "--auth");
        run.Settings.Override("runtime", run.Get(_runtime), "--runtime");
        run.Settings.Override("workers", run.Get(_workers), "--workers");
        run.Settings.Override("slots", run.Get(_slots), "--slots");
        run.Settings.Override("name", run.Get(_name), "--name");
        run.Settings.Override("sandbox", run.Get(_sandbox), "--sandbox");
        run.Settings.Override("network", run.Get(_network), "--network");
        run.Settings.Override("worker_file", run.Get(_file), "--file");
    }
}

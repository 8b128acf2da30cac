using System.CommandLine;
using AgentVine.Cli;
using AgentVine.Cli.Commands;
using AgentVine.Host.Workers;
using AgentVine.Worker;

namespace AgentVine.Host.Commands;

/// <summary><c>vine worker</c>: one worker for a server that runs elsewhere or beside it.</summary>
internal sealed class WorkerCommand : VineCommand
{
    private readonly Option<string> _slots = HostOptions.Slots();
    private readonly Option<string> _name = HostOptions.Name("Unique in the fleet; the machine's name by default. A second worker of a name takes the first one's place, and needs a data folder of its own");
    private readonly Option<string> _sandbox = HostOptions.Sandbox();
    private readonly Option<string> _network = HostOptions.Network();
    private readonly Option<string> _file = HostOptions.File();

    public WorkerCommand(CommandContext context)
        : base(context, "worker", "Run one worker; the first Ctrl-C or SIGTERM lets it finish what runs, the second hands it back")
    {
        foreach (var option in new Option[] { _slots, _name, _sandbox, _network, _file })
        {
            Add(option);
        }
    }

    public override TimeSpan? TerminationGrace => null;

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        run.Settings.Override("slots", run.Get(_slots), "--slots");
        run.Settings.Override("name", run.Get(_name), "--name");
        run.Settings.Override("sandbox", run.Get(_sandbox), "--sandbox");
        run.Settings.Override("network", run.Get(_network), "--network");
        run.Settings.Override("worker_file", run.Get(_file), "--file");
        FolderSettings.Check(run.Settings);
        var key = run.Access.Key ?? throw new CommandException(
            ExitCode.Unauthorized, $"a worker needs the server's key, and {run.Access.KeySource} has none; set VINE_API_KEY or give --key");
        using var termination = new Termination();
        using var loggers = Logging.Create(run.Settings);
        await using var replay = await ModelReplay.StartAsync(run, loggers, termination.First);
        var options = replay.Apply(WorkerSettings.From(run.Settings, run.Context.Environment, run.Access.Server, key, number: null));
        using var worker = await VineWorker.CreateAsync(options, WorkerSettings.Claude(run), run.Context.Time, loggers, termination.First);
        await worker.RunAsync(termination.First, termination.Second);
        return ExitCode.Ok;
    }
}

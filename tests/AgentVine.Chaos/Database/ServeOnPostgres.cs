using System.CommandLine;
using AgentVine.Cli;
using AgentVine.Cli.Commands;
using AgentVine.Host;
using AgentVine.Host.Server;
using AgentVine.Storage.Postgres;
using Microsoft.Extensions.Logging;

namespace AgentVine.Chaos.Database;

/// <summary>The product's server over PostgreSQL, whose database can be killed at a commit.</summary>
internal sealed class ServeOnPostgres : VineCommand
{
    public const string AddressVariable = "CHAOS_DATABASE";
    public const string PostmasterVariable = "CHAOS_POSTMASTER";
    public const string FaultVariable = "VINE_FAULT_POINT";
    private readonly Option<string> _port = new("--port");

    public ServeOnPostgres(CommandContext context)
        : base(context, "serve", "Serve for the kill suite")
    {
        Add(_port);
    }

    public override TimeSpan? TerminationGrace => null;

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        run.Settings.Override("port", run.Get(_port), "--port");
        var environment = run.Context.Environment;
        var fault = DatabaseFault.Read(environment.GetValueOrDefault(FaultVariable));
        var options = ServerOptions.From(run.Settings) with
        {
            OpenStore = (time, loggers) => new KilledStore(
                new PostgresStore(environment[AddressVariable], time, loggers.CreateLogger<PostgresStore>()), fault, environment[PostmasterVariable]),
        };
        using var termination = new Termination();
        await using var server = await VineServer.StartAsync(options, run.Context.Time, termination.First);
        await server.WaitAsync(termination.First);
        return ExitCode.Ok;
    }
}

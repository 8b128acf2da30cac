using System.CommandLine;
using AgentVine.Cli;
using AgentVine.Host.Commands;
using AgentVine.Host.Demo;

namespace AgentVine.Host;

/// <summary>The commands that run something on this machine, beside those that talk to a server.</summary>
public static class HostCommands
{
    /// <summary>All of them, in the order of help.</summary>
    public static IEnumerable<Command> All(CommandContext context) =>
    [
        new UpCommand(context),
        new ServeCommand(context),
        new WorkerCommand(context),
        new DemoCommand(context),
    ];
}

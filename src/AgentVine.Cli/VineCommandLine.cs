using System.CommandLine;
using System.CommandLine.Help;
using AgentVine.Cli.Commands;
using AgentVine.Cli.Commands.Accounts;
using AgentVine.Cli.Commands.Chat;
using AgentVine.Cli.Commands.Dead;
using AgentVine.Cli.Commands.Doctor;
using AgentVine.Cli.Commands.Inbox;
using AgentVine.Cli.Commands.Queue;
using AgentVine.Cli.Commands.Sessions;
using AgentVine.Cli.Commands.Tasks;
using AgentVine.Cli.Commands.Top;
using AgentVine.Cli.Commands.Workers;

namespace AgentVine.Cli;

/// <summary>The command line of <c>vine</c>.</summary>
public static class VineCommandLine
{
    /// <summary>The whole tree: what the host adds first, then what talks to a server.</summary>
    public static RootCommand Build(CommandContext context, IEnumerable<Command> hostCommands)
    {
        var root = new RootCommand("Runs coding agents on a team's git repositories: file tasks, answer what agents ask, get branches back.");
        foreach (var option in GlobalOptions.Create())
        {
            root.Add(option);
        }

        foreach (var command in hostCommands.Concat(ServerCommands(context)))
        {
            root.Add(command);
        }

        root.SetAction(static parsed => new HelpAction().Invoke(parsed));
        return root;
    }

    /// <summary>Parses <paramref name="arguments"/>, runs the command that they name, and returns the program's exit code.</summary>
    public static async Task<int> RunAsync(CommandContext context, IEnumerable<Command> hostCommands, IReadOnlyList<string> arguments)
    {
        // A title that begins with @ is a title, not a file of more arguments.
        var parsed = Build(context, hostCommands).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            UsageErrors.Tell(context, parsed);
            return (int)ExitCode.Usage;
        }

        var code = await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = context.Console.Out,
            Error = context.Console.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = parsed.CommandResult.Command is VineCommand command ? command.TerminationGrace : null,
        });
        await context.Console.Out.FlushAsync();
        return code;
    }

    private static IEnumerable<Command> ServerCommands(CommandContext context) =>
    [
        new CommandGroup(
            "task",
            "File tasks, follow them, decide on their results",
            new AddCommand(context),
            new ListCommand(context),
            new ShowCommand(context),
            new EditCommand(context),
            new LogsCommand(context),
            new DiffCommand(context),
            new RestoreCommand(context),
            new AcceptCommand(context),
            new RejectCommand(context),
            new RetryCommand(context),
            new StopCommand(context),
            new CancelCommand(context)),
        new InboxCommand(context),
        new ChatCommand(context),
        new WorkersCommand(context),
        new AccountsCommand(context),
        new QueueCommand(context),
        new CommandGroup(
            "dead",
            "Look at tasks that were given up, and bring them back",
            new DeadListCommand(context),
            new DeadShowCommand(context),
            new DeadRequeueCommand(context)),
        new SessionsCommand(context),
        new TopCommand(context),
        new DoctorCommand(context),
    ];
}

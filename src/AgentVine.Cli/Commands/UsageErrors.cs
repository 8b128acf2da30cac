using System.CommandLine;

namespace AgentVine.Cli.Commands;

/// <summary>Tells what is wrong with a command line, in one line with the next step.</summary>
internal static class UsageErrors
{
    public static void Tell(CommandContext context, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var name = string.Join(' ', Path(command));
        var unknown = parsed.UnmatchedTokens is [var first, ..] ? first : null;
        var words = unknown is not null && command.Subcommands.Count > 0
            ? $"{name} has no '{unknown}', but: {string.Join(", ", command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name))}"
            : string.Join(" ", parsed.Errors.Select(error => error.Message.TrimEnd('.') + "."));
        Failures.Say(context, $"{words.TrimEnd('.')}; see {name} --help");
    }

    private static IEnumerable<string> Path(Command command)
    {
        var above = command.Parents.OfType<Command>().FirstOrDefault();
        return above is null ? ["vine"] : [.. Path(above), command.Name];
    }
}

using AgentVine.Cli.Output;
using AgentVine.Client;

namespace AgentVine.Cli.Commands;

/// <summary>Turns what went wrong into one line and an exit code.</summary>
internal static class Failures
{
    /// <summary>Set, it has the place of an unexpected error shown too.</summary>
    private const string TraceVariable = "VINE_TRACE";

    public static ExitCode Report(Exception exception, CommandRun? run, CommandContext context)
    {
        var (code, words) = Explain(exception, run);
        Say(context, words);
        if (context.Environment.ContainsKey(TraceVariable))
        {
            context.Console.Error.WriteLine(exception);
        }

        return code;
    }

    public static void Say(CommandContext context, string words) =>
        context.Console.Error.WriteLine("vine: " + Printable.Line(words));

    private static (ExitCode Code, string Words) Explain(Exception exception, CommandRun? run) => exception switch
    {
        CommandException failure => (failure.ExitCode, failure.Message),
        VineUnreachableException => (ExitCode.Unreachable, exception.Message),
        VineApiException { Status: 401 } refusal => (ExitCode.Unauthorized, $"{refusal.Message} {KeyHint(run!)}"),
        VineApiException refusal => (CodeOf(refusal.Status), refusal.Message),
        IOException or UnauthorizedAccessException => (ExitCode.Failed, exception.Message),
        _ => (ExitCode.Failed, $"this is a bug: {exception.GetType().Name}: {exception.Message}; {TraceVariable}=1 shows where"),
    };

    private static ExitCode CodeOf(int status) => status switch
    {
        400 or 413 or 415 => ExitCode.Usage,
        404 => ExitCode.NotFound,
        403 or 409 or 410 or 422 => ExitCode.Refused,
        _ => ExitCode.Failed,
    };

    private static string KeyHint(CommandRun run) => run.Access.Key is null
        ? $"(No key was found in {run.Access.KeySource}: run vine as the user who runs the server, or give --key.)"
        : $"(The key of {run.Access.KeySource} was refused: is it this server's?)";
}

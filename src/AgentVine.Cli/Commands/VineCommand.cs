using System.CommandLine;
using System.Diagnostics.CodeAnalysis;

namespace AgentVine.Cli.Commands;

/// <summary>
/// A command. Outcome, errors and exit codes are the same for all: a <see cref="CommandException"/>, a refusal of the server and a
/// missing server each become one line on standard error.
/// </summary>
[SuppressMessage("Design", "CA1010", Justification = "A command is enumerable for collection initializers alone.")]
public abstract class VineCommand : Command
{
    private readonly CommandContext _context;

    /// <summary>Makes the command; arguments and options are added by the subclass.</summary>
    protected VineCommand(CommandContext context, string name, string description)
        : base(name, description)
    {
        _context = context;
        SetAction(GuardAsync);
    }

    /// <summary>How long after Ctrl-C or SIGTERM the command may take; null when it handles these signals itself.</summary>
    public virtual TimeSpan? TerminationGrace => TimeSpan.FromSeconds(2);

    /// <summary>Does what the command is for.</summary>
    protected abstract Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken);

    private async Task<int> GuardAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        CommandRun? run = null;
        try
        {
            run = new CommandRun(_context, parsed);
            return (int)await RunAsync(run, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (int)ExitCode.Interrupted;
        }
        catch (Exception exception)
        {
            await _context.Console.Out.FlushAsync(CancellationToken.None);
            return (int)Failures.Report(exception, run, _context);
        }
        finally
        {
            run?.Dispose();
            await _context.Console.Out.FlushAsync(CancellationToken.None);
        }
    }
}

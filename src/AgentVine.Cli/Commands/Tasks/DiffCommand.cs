using System.CommandLine;
using System.Text;
using AgentVine.Cli.Ids;
using AgentVine.Cli.Output;
using Spectre.Console;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary><c>vine task diff</c></summary>
internal sealed class DiffCommand : VineCommand
{
    private readonly Argument<string> _task = TaskArgument.Create();

    public DiffCommand(CommandContext context)
        : base(context, "diff", "Show what a task changed, as a patch")
    {
        Add(_task);
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var id = await IdFinder.TaskAsync(run, run.Get(_task)!, cancellationToken);
        if (run.Width is null && !run.Json)
        {
            // Byte for byte: it may be piped into `git apply`.
            await run.Client.CopyDiffAsync(id, run.Context.Console.OutStream, cancellationToken);
            return ExitCode.Ok;
        }

        using var buffer = new MemoryStream();
        await run.Client.CopyDiffAsync(id, buffer, cancellationToken);
        var diff = Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
        if (run.Json)
        {
            run.WriteData(new { Diff = diff });
        }
        else
        {
            Show(run, diff);
        }

        return ExitCode.Ok;
    }

    /// <summary>Shows a patch to a person.</summary>
    public static void Show(CommandRun run, string diff)
    {
        if (diff.Length == 0)
        {
            run.Note("nothing was changed");
            return;
        }

        foreach (var line in Printable.Lines(diff).TrimEnd('\n').Split('\n'))
        {
            run.Painter.Line(line, StyleOf(line));
        }
    }

    private static Style StyleOf(string line) => line switch
    {
        _ when line.StartsWith("+++", StringComparison.Ordinal) || line.StartsWith("---", StringComparison.Ordinal) => Look.Bold,
        _ when line.StartsWith("diff ", StringComparison.Ordinal) => Look.Bold,
        _ when line.StartsWith("@@", StringComparison.Ordinal) => Look.Tool,
        ['+', ..] => Look.Good,
        ['-', ..] => Look.Bad,
        _ => Look.Plain,
    };
}

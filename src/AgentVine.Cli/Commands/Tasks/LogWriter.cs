using AgentVine.Cli.Output;
using AgentVine.Contracts.Executions;
using Spectre.Console;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary>Shows an agent's output to a person: what it says in full, each tool call and what came of it in one line.</summary>
internal sealed class LogWriter(IAnsiConsole painter, TimeProvider time, bool full)
{
    private const int BriefLength = 160;
    private string? _lastText;

    /// <summary>Says whose output follows.</summary>
    public void Heading(ExecutionView execution) =>
        painter.Line($"── attempt {execution.Attempt} · {Printable.Line(execution.WorkerName)} · {execution.Runtime} ──", Look.Dim);

    /// <summary>One line of the program's own.</summary>
    public void Say(DateTimeOffset at, string sign, string text, Style style) => Write(at, sign, [Printable.Line(text)], style);

    public void Write(OutputLine line)
    {
        if (string.IsNullOrWhiteSpace(line.Text))
        {
            return;
        }

        switch (line.Kind)
        {
            case OutputKind.Text:
                _lastText = line.Text;
                Write(line.At, " ", Whole(line.Text), Look.Plain);
                break;
            case OutputKind.User:
                Write(line.At, ">", Whole(line.Text), Look.Person);
                break;
            case OutputKind.ToolUse:
                Write(line.At, "→", Whole(line.Text), Look.Tool);
                break;
            case OutputKind.ToolResult:
                Write(line.At, " ", full ? Whole(line.Text) : [Brief(line.Text)], Look.Dim);
                break;
            case OutputKind.Thinking:
                Write(line.At, "~", full ? Whole(line.Text) : [Brief(line.Text)], Look.Dim);
                break;
            case OutputKind.Result:
                WriteResult(line);
                break;
            case OutputKind.Stderr:
                Write(line.At, "!", Whole(line.Text), Look.Attention);
                break;
            case OutputKind.System when !full:
                break;
            default:
                Write(line.At, "·", Whole(line.Text), Look.Dim);
                break;
        }
    }

    // An agent program repeats its last words as the turn's result.
    private void WriteResult(OutputLine line)
    {
        if (line.Text == _lastText)
        {
            Write(line.At, "·", ["end of turn"], Look.Dim);
        }
        else
        {
            Write(line.At, "=", Whole(line.Text!), Look.Bold);
        }
    }

    private void Write(DateTimeOffset at, string sign, string[] lines, Style style)
    {
        painter.Line((Words.TimeOfDay(at, time), Look.Dim), ($" {sign} ", style), (lines[0], style));
        foreach (var line in lines.Skip(1))
        {
            painter.Line(("           ", Look.Plain), (line, style));
        }
    }

    private static string[] Whole(string text) => Printable.Lines(text).Trim('\n').Split('\n');

    private static string Brief(string text)
    {
        var more = text.Trim().Count(character => character == '\n');
        var brief = Printable.Brief(text, BriefLength);
        return more > 0 ? $"{brief} (+{Words.Count(more, "line")})" : brief;
    }
}

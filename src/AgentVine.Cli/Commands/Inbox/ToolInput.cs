using System.Text.Json;
using AgentVine.Cli.Output;
using Spectre.Console;

namespace AgentVine.Cli.Commands.Inbox;

/// <summary>Shows all of a tool call's input: the command, the patch, and whatever else it holds. Nothing is left out, since it is decided on.</summary>
internal sealed class ToolInput(IAnsiConsole painter)
{
    private const string Indent = "    ";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Write(JsonElement input)
    {
        if (input.ValueKind != JsonValueKind.Object)
        {
            painter.Block(JsonSerializer.Serialize(input, Indented), Indent, Look.Plain);
            return;
        }

        foreach (var member in input.EnumerateObject())
        {
            WriteMember(member.Name, member.Value);
        }
    }

    private void WriteMember(string name, JsonElement value)
    {
        switch (name, value.ValueKind)
        {
            case ("command", JsonValueKind.String):
                WriteCommand(value.GetString()!);
                break;
            case ("old_string", JsonValueKind.String):
                painter.Block(value.GetString()!, Indent + "- ", Look.Bad);
                break;
            case ("new_string" or "content", JsonValueKind.String):
                painter.Block(value.GetString()!, Indent + "+ ", Look.Good);
                break;
            case ("edits", JsonValueKind.Array):
                foreach (var edit in value.EnumerateArray())
                {
                    Write(edit);
                }

                break;
            case (_, JsonValueKind.String):
                WriteText(name, value.GetString()!);
                break;
            default:
                WriteText(name, JsonSerializer.Serialize(value, Indented));
                break;
        }
    }

    // As a shell prompts for it: every line is marked, so that none passes for a field of its own.
    private void WriteCommand(string command)
    {
        var mark = Indent + "$ ";
        foreach (var line in Printable.Lines(command).TrimEnd().Split('\n'))
        {
            painter.Line((mark, Look.Dim), (line, Look.Bold));
            mark = Indent + "> ";
        }
    }

    private void WriteText(string name, string text)
    {
        if (!text.Contains('\n', StringComparison.Ordinal))
        {
            painter.Line((Indent + Printable.Line(name) + ": ", Look.Dim), (Printable.Line(text), Look.Plain));
            return;
        }

        painter.Line(Indent + Printable.Line(name) + ":", Look.Dim);
        painter.Block(text, Indent + "  ", Look.Plain);
    }
}

using Spectre.Console;

namespace AgentVine.Cli.Output;

/// <summary>Writes styled lines; text is shown as it is, never read as markup.</summary>
internal static class Painting
{
    public static void Line(this IAnsiConsole painter, params ReadOnlySpan<(string Text, Style Style)> parts)
    {
        painter.Part(parts);
        painter.WriteLine();
    }

    /// <summary>Styled text without a line break.</summary>
    public static void Part(this IAnsiConsole painter, params ReadOnlySpan<(string Text, Style Style)> parts)
    {
        var line = new Paragraph();
        foreach (var (text, style) in parts)
        {
            line.Append(text, style);
        }

        painter.Write(line);
    }

    public static void Line(this IAnsiConsole painter, string text, Style style) => painter.Line((text, style));

    /// <summary>Text of several lines, each behind <paramref name="indent"/>.</summary>
    public static void Block(this IAnsiConsole painter, string text, string indent, Style style)
    {
        foreach (var line in Printable.Lines(text).TrimEnd().Split('\n'))
        {
            painter.Line((indent, Look.Plain), (line, style));
        }
    }
}

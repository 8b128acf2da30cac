using Spectre.Console;
using Spectre.Console.Rendering;

namespace AgentVine.Cli.Output;

/// <summary>A plain table: aligned columns, no rules. One column gives way when the terminal is too narrow.</summary>
internal sealed class TextTable(params string[] headers)
{
    private const int Gap = 2;
    private const int Narrowest = 12;
    private readonly List<Segment[]> _rows = [[.. headers.Select(header => new Segment(header, Look.Dim))]];

    /// <summary>The column that is shortened; none when negative.</summary>
    public int Flexible { get; init; } = -1;

    public void Add(params (string Text, Style Style)[] cells) =>
        _rows.Add([.. cells.Select(cell => new Segment(Printable.Line(cell.Text), cell.Style))]);

    /// <param name="painter">Where to.</param>
    /// <param name="width">The terminal's columns; null where nothing is to be cut.</param>
    public void Write(IAnsiConsole painter, int? width)
    {
        foreach (var line in Lines(width))
        {
            painter.Line([.. line]);
        }
    }

    /// <summary>As it would be written, line by line, the headers first.</summary>
    public IReadOnlyList<IReadOnlyList<(string Text, Style Style)>> Lines(int? width)
    {
        var widths = headers.Select((_, column) => _rows.Max(row => row[column].CellCount())).ToArray();
        if (width is { } available && Flexible >= 0)
        {
            var others = widths.Sum() - widths[Flexible] + (Gap * (widths.Length - 1));
            widths[Flexible] = Math.Min(widths[Flexible], Math.Max(available - others, Narrowest));
        }

        return [.. _rows.Select(row => Line(row, widths))];
    }

    /// <summary>The columns of a terminal that <paramref name="text"/> takes.</summary>
    public static int Cells(string text) => new Segment(text).CellCount();

    /// <summary><paramref name="text"/>, or its beginning with an ellipsis.</summary>
    public static string Shorten(string text, int width)
    {
        if (Cells(text) <= width)
        {
            return text;
        }

        if (width <= 0)
        {
            return "";
        }

        var kept = text[..Math.Min(text.Length, width)];
        while (kept.Length > 0 && (Cells(kept) >= width || char.IsHighSurrogate(kept[^1])))
        {
            kept = kept[..^1];
        }

        return kept + "…";
    }

    private static List<(string Text, Style Style)> Line(Segment[] row, int[] widths)
    {
        var line = new List<(string, Style)>();
        var last = Array.FindLastIndex(row, cell => cell.Text.Length > 0);
        for (var column = 0; column <= last; column++)
        {
            var text = Shorten(row[column].Text, widths[column]);
            line.Add((text, row[column].Style));
            if (column < last)
            {
                line.Add((new string(' ', widths[column] - Cells(text) + Gap), Look.Plain));
            }
        }

        return line;
    }
}

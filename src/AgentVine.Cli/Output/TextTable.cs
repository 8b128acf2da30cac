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
        var widths = headers.Select((_, column) => _rows.Max(row => row[column].CellCount())).ToArray();
        if (width is { } available && Flexible >= 0)
        {
            var others = widths.Sum() - widths[Flexible] + (Gap * (widths.Length - 1));
            widths[Flexible] = Math.Min(widths[Flexible], Math.Max(available - others, Narrowest));
        }

        foreach (var row in _rows)
        {
            var line = new Paragraph();
            var last = Array.FindLastIndex(row, cell => cell.Text.Length > 0);
            for (var column = 0; column <= last; column++)
            {
                var text = Shorten(row[column].Text, widths[column]);
                line.Append(text, row[column].Style);
                if (column < last)
                {
                    line.Append(new string(' ', widths[column] - new Segment(text).CellCount() + Gap));
                }
            }

            painter.Write(line);
            painter.WriteLine();
        }
    }

    private static string Shorten(string text, int width)
    {
        if (new Segment(text).CellCount() <= width)
        {
            return text;
        }

        var kept = text[..Math.Min(text.Length, width)];
        while (new Segment(kept).CellCount() >= width || char.IsHighSurrogate(kept[^1]))
        {
            kept = kept[..^1];
        }

        return kept + "…";
    }
}

namespace AgentVine.Cli.Commands.Top;

/// <summary>Shares the rows of a terminal out among sections.</summary>
internal static class TopRoom
{
    // A blank line and the heading; and what says how many are missing.
    private const int Around = 2;

    /// <summary>How many lines each section shows: first what it must have, then by turns, the first section first.</summary>
    /// <param name="sections">In the order of the screen.</param>
    /// <param name="rows">What there is; null for no end.</param>
    public static IReadOnlyList<int> Share(IReadOnlyList<TopSection> sections, int? rows)
    {
        if (rows is not { } left)
        {
            return [.. sections.Select(section => section.Lines.Count)];
        }

        left -= sections.Count * Around;
        var shown = new int[sections.Count];
        for (var pass = 0; pass < 2; pass++)
        {
            for (var each = 0; each < sections.Count; each++)
            {
                var wanted = pass == 0 ? Math.Min(sections[each].Least, sections[each].Lines.Count) : sections[each].Lines.Count;
                var more = Math.Clamp(wanted - shown[each], 0, Math.Max(left, 0));
                shown[each] += more;
                left -= more;
            }
        }

        return [.. sections.Zip(shown, (section, lines) => lines < section.Lines.Count ? Math.Max(0, lines - 1) : lines)];
    }
}

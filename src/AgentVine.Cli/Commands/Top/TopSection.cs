using Line = System.Collections.Generic.IReadOnlyList<(string Text, Spectre.Console.Style Style)>;

namespace AgentVine.Cli.Commands.Top;

/// <summary>A part of the screen: its heading, and lines of which the last give way where there is no room.</summary>
internal sealed record TopSection(Line Heading, IReadOnlyList<Line> Lines)
{
    /// <summary>How many of its lines must be there before others get more.</summary>
    public int Least { get; init; } = 3;
}

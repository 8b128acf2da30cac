using System.Globalization;
using AgentVine.Cli.Output;
using Spectre.Console;

namespace AgentVine.Cli.Commands.Top;

/// <summary>Figures as the screen has them.</summary>
internal static class TopWords
{
    public static string Percent(decimal share) => string.Create(CultureInfo.InvariantCulture, $"{decimal.Round(share * 100)}%");

    public static string Seconds(decimal? seconds) => seconds switch
    {
        null => "",
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0}s"),
        _ => Words.Span(TimeSpan.FromSeconds((double)seconds)),
    };

    public static (string Text, Style Style) Number(long number, Style style) =>
        (number.ToString(CultureInfo.InvariantCulture), number == 0 ? Look.Dim : style);
}

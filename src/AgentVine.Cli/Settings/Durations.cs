using System.Globalization;

namespace AgentVine.Cli.Settings;

/// <summary>Spans of time as people type them.</summary>
internal static class Durations
{
    public const string Rule = "seconds, or a number with s, m, h or d, as in 90 or 30m";

    public static TimeSpan? Parse(string text)
    {
        var factor = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        var digits = factor == 0 ? text : text[..^1];
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= int.MaxValue
            ? TimeSpan.FromSeconds(number * Math.Max(factor, 1))
            : null;
    }
}

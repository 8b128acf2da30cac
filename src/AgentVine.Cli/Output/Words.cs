using System.Globalization;
using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Cli.Output;

/// <summary>Values as people read them.</summary>
internal static class Words
{
    /// <summary>A state without its underscore.</summary>
    public static string Of<TEnum>(TEnum value) where TEnum : struct, Enum => VineJson.Name(value).Replace('_', ' ');

    /// <summary>What is not known of a state, or wrong with it, to be said right behind it; empty where all is well.</summary>
    public static string Doubt(DateTimeOffset? unconfirmedSince, DateTimeOffset? stalledSince, TimeProvider time) =>
        unconfirmedSince is { } unheard ? $", unconfirmed since {TimeOfDay(unheard, time)}"
        : stalledSince is { } idle ? $", stalled since {TimeOfDay(idle, time)}"
        : "";

    /// <summary>How long ago, in its largest unit.</summary>
    public static string Age(DateTimeOffset then, TimeProvider time) => Span(time.GetUtcNow() - then);

    /// <summary>A span in its largest unit, as in <c>3m</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 0 } => "0s",
        { TotalSeconds: < 60 } => $"{(int)span.TotalSeconds}s",
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes}m",
        { TotalHours: < 48 } => $"{(int)span.TotalHours}h",
        _ => $"{(int)span.TotalDays}d",
    };

    /// <summary>A moment on the reader's own clock.</summary>
    public static string Moment(DateTimeOffset moment, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(moment, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A moment's time of day on the reader's own clock.</summary>
    public static string TimeOfDay(DateTimeOffset moment, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(moment, time.LocalTimeZone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A size as <c>git diff --shortstat</c> words it, shorter.</summary>
    public static string Of(DiffStat stat) => $"{Count(stat.Files, "file")}, +{stat.Insertions} −{stat.Deletions}";

    /// <summary>A number with its noun.</summary>
    public static string Count(long number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");

    /// <summary>A price in US dollars.</summary>
    public static string Dollars(decimal amount) => "$" + amount.ToString(amount < 1 ? "0.0000" : "0.00", CultureInfo.InvariantCulture);

    /// <summary>A repository's last two parts, which is how people call it.</summary>
    public static string Repository(string url)
    {
        var parts = url.TrimEnd('/').Split('/', ':');
        var name = string.Join('/', parts.TakeLast(2));
        return name.EndsWith(".git", StringComparison.Ordinal) ? name[..^4] : name;
    }
}

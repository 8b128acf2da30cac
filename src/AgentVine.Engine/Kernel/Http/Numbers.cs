using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>Numbers of the wire: what the types hold, and how their limits are told.</summary>
internal static class Numbers
{
    public static bool Reads(Type type) => type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(decimal);

    public static bool IsWhole(Type type) => type == typeof(int) || type == typeof(long);

    /// <summary>False for what <paramref name="type"/> cannot hold, infinities included: they could not be written again.</summary>
    public static bool TryRead(JsonElement element, Type type, out object value)
    {
        (var read, value) = type switch
        {
            _ when type == typeof(int) => (element.TryGetInt32(out var number), (object)number),
            _ when type == typeof(long) => (element.TryGetInt64(out var number), number),
            _ when type == typeof(decimal) => (element.TryGetDecimal(out var number), number),
            _ => (element.TryGetDouble(out var number) && double.IsFinite(number), number),
        };
        return read;
    }

    /// <summary>Digits alone, however many.</summary>
    public static bool LooksWhole(JsonElement element) => element.GetRawText().TrimStart('-').All(char.IsAsciiDigit);

    /// <summary>The limits in words, as in "a whole number between 1 and 20".</summary>
    public static string Between(RangeAttribute? range, Type type)
    {
        var kind = IsWhole(type) ? "a whole number" : "a number";
        if (range is null)
        {
            return type == typeof(int) ? Between(kind, int.MinValue, int.MaxValue)
                : type == typeof(long) ? Between(kind, long.MinValue, long.MaxValue)
                : kind + " that fits";
        }

        // Range(1, long.MaxValue) is Range(double, double), and its end is no limit that anybody meant.
        var minimum = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture);
        var maximum = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
        return maximum >= long.MaxValue ? string.Create(CultureInfo.InvariantCulture, $"{kind} of at least {minimum}")
            : string.Create(CultureInfo.InvariantCulture, $"{kind} between {minimum} and {maximum}");
    }

    public static string Between(string kind, long minimum, long maximum) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind} between {minimum} and {maximum}");
}

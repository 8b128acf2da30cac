namespace AgentVine.Cli.Ids;

/// <summary>
/// The last eight hexadecimal digits of an id, which is how it is shown and typed. The first ones are a time: ids of one day share them.
/// </summary>
internal static class ShortId
{
    public static string Of(Guid id) => id.ToString("N")[^8..];

    /// <summary>What was typed, as the digits that it stands for; null when it cannot be the beginning or end of an id.</summary>
    public static string? Digits(string text)
    {
        var digits = text.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        return digits.Length is >= 4 and <= 32 && digits.All(char.IsAsciiHexDigit) ? digits : null;
    }

    public static bool Fits(Guid id, string digits)
    {
        var whole = id.ToString("N");
        return whole.EndsWith(digits, StringComparison.Ordinal) || whole.StartsWith(digits, StringComparison.Ordinal);
    }
}

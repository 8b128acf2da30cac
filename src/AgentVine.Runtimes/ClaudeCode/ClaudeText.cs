namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>Bounds what people are shown.</summary>
internal static class ClaudeText
{
    /// <summary>At most <paramref name="length"/> characters, the last one telling that there were more.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return string.Concat(text.AsSpan(0, end), "…");
    }

    /// <summary>The first line with content, marked when there are more.</summary>
    public static string FirstLine(string text)
    {
        var trimmed = text.Trim();
        var end = trimmed.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? trimmed : string.Concat(trimmed.AsSpan(0, end).TrimEnd(), " …");
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentVine.Client;

/// <summary>Reads the headers that make a list a page.</summary>
internal static partial class Paging
{
    public static Page<T> Read<T>(HttpResponseMessage response, IReadOnlyList<T> items) =>
        new(items, Next(response), EventSequence(response));

    private static string? Next(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Link", out var links))
        {
            return null;
        }

        var match = links.Select(link => NextCursor().Match(link)).FirstOrDefault(match => match.Success);
        return match is null ? null : Uri.UnescapeDataString(match.Groups["after"].Value);
    }

    private static long? EventSequence(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Event-Sequence", out var values)
        && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : null;

    [GeneratedRegex("""<[^>]*[?&]after=(?<after>[^&>]*)[^>]*>\s*;[^,]*\brel="?next"?""")]
    private static partial Regex NextCursor();
}

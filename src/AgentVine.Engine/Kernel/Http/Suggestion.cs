namespace AgentVine.Engine.Kernel.Http;

/// <summary>Finds what a caller probably meant.</summary>
internal static class Suggestion
{
    private const int LongestName = 64;

    /// <summary><c>; did you mean 'x'?</c>, or nothing when no name is close.</summary>
    public static string For(string given, IEnumerable<string> known)
    {
        if (given.Length > LongestName)
        {
            return "";
        }

        var plain = Plain(given);
        var best = known
            .Select(name => (Name: name, Distance: Distance(plain, Plain(name))))
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Min(3, best.Name.Length / 3) ? $"; did you mean '{best.Name}'?" : "";
    }

    /// <summary>The words for a value that is none of <paramref name="known"/>.</summary>
    public static string NotOneOf(string given, IReadOnlyCollection<string> known) =>
        $"must be one of {string.Join(", ", known)}, not '{Faults.Printable(given)}'{For(given, known)}";

    // camelCase, kebab-case and capitals are no distance at all.
    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substitution = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[right.Length];
    }
}

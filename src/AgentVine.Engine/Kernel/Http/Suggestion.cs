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
        return best.Name is not null && best.Distance <= Math.Clamp(best.Name.Length / 3, 1, 3) ? $"; did you mean '{best.Name}'?" : "";
    }

    /// <summary>The words for a value that is none of <paramref name="known"/>.</summary>
    public static string NotOneOf(string given, IReadOnlyCollection<string> known) =>
        $"must be one of {string.Join(", ", known)}, not '{Faults.Printable(given)}'{For(given, known)}";

    // camelCase, kebab-case and capitals are no distance at all.
    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    // Edits, two neighbours in the wrong order counted as one: that is how people mistype.
    private static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                rows[i, j] = i == 0 ? j
                    : j == 0 ? i
                    : Math.Min(1 + Math.Min(rows[i - 1, j], rows[i, j - 1]), rows[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[left.Length, right.Length];
    }
}

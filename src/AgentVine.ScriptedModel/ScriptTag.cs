using System.Text.RegularExpressions;

namespace AgentVine.ScriptedModel;

/// <summary>The <c>[[name]]</c> by which a prompt picks a script.</summary>
internal static partial class ScriptTag
{
    public static bool IsName(string name) => NamePattern().IsMatch(name);

    /// <summary>The last tag of <paramref name="text"/>; null when it has none.</summary>
    public static string? Find(string text)
    {
        var match = TagPattern().Match(text);
        return match.Success ? match.Groups[1].Value : null;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\[\[([a-z0-9][a-z0-9._-]*)\]\]", RegexOptions.CultureInvariant | RegexOptions.RightToLeft)]
    private static partial Regex TagPattern();
}

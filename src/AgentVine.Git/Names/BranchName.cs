using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AgentVine.Git.Names;

/// <summary>The rules for the name of a branch: those of <c>git check-ref-format --branch</c>, and lengths that every file system takes.</summary>
public static class BranchName
{
    private const int LongestName = 1000;
    private const int LongestPart = 200;

    /// <summary>
    /// Whether <paramref name="name"/> may name a branch; if not, <paramref name="problem"/> says in a sentence which rule it breaks.
    /// </summary>
    public static bool TryValidate([NotNullWhen(true)] string? name, [NotNullWhen(false)] out string? problem)
    {
        problem = BrokenRule(name) is { } rule ? $"'{GitText.Quote(name ?? "")}' is no branch name: {rule}." : null;
        return problem is null;
    }

    internal static string Require(string name, string parameter) =>
        TryValidate(name, out var problem) ? name : throw new ArgumentException(problem, parameter);

    private static string? BrokenRule(string? name) => name switch
    {
        null or "" => "it is empty",
        "@" or "HEAD" => "git keeps this name for itself",
        _ when name[0] == '-' => "it begins with '-', like an option",
        _ when name[0] == '/' || name[^1] == '/' => "it begins or ends with '/'",
        _ when name[^1] == '.' => "it ends with '.'",
        _ when name.Contains("..", StringComparison.Ordinal) => "it contains '..'",
        _ when name.Contains("@{", StringComparison.Ordinal) => "it contains '@{'",
        _ when name.Any(character => char.IsControl(character)) => "it contains a control character",
        _ when name.IndexOfAny([' ', '~', '^', ':', '?', '*', '[', '\\']) >= 0 => @"it contains a space or one of ~ ^ : ? * [ \",
        _ when !IsWellFormed(name) => "it is not well-formed Unicode",
        _ when Encoding.UTF8.GetByteCount(name) > LongestName => $"it is longer than {LongestName} bytes",
        _ => name.Split('/').Select(BrokenRuleOfPart).FirstOrDefault(rule => rule is not null),
    };

    private static string? BrokenRuleOfPart(string part) => part switch
    {
        "" => "it contains '//'",
        _ when part[0] == '.' => "a part of it begins with '.'",
        _ when part.EndsWith(".lock", StringComparison.OrdinalIgnoreCase) => "a part of it ends with '.lock'",
        _ when Encoding.UTF8.GetByteCount(part) > LongestPart => $"a part of it is longer than {LongestPart} bytes",
        _ => null,
    };

    private static bool IsWellFormed(string name) =>
        !name.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar);
}

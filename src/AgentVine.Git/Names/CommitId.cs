using System.Diagnostics.CodeAnalysis;

namespace AgentVine.Git.Names;

/// <summary>The full id of a commit: 40 small hexadecimal digits. Abbreviations and revision expressions are not taken anywhere.</summary>
public static class CommitId
{
    /// <summary>How many digits it has. Repositories of SHA-256 objects are refused by name where they turn up.</summary>
    public const int Length = 40;

    /// <summary>Whether <paramref name="text"/> is one.</summary>
    public static bool IsValid([NotNullWhen(true)] string? text) =>
        text is { Length: Length } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The id in a command's output, which may come from a sandbox and be anything.</summary>
    /// <exception cref="FormatException">It is no commit id.</exception>
    public static string Parse(string output)
    {
        var text = output.Trim();
        return IsValid(text) ? text : throw new FormatException($"'{GitText.Quote(output)}' is no commit id: {Length} hexadecimal digits are.");
    }

    internal static string Require(string commit, string parameter) =>
        IsValid(commit) ? commit : throw new ArgumentException($"'{GitText.Quote(commit)}' is no full commit id.", parameter);
}

using System.Text;
using System.Text.RegularExpressions;

namespace AgentVine.Git;

/// <summary>Makes text that git or a caller brought fit for errors and logs.</summary>
internal static partial class GitText
{
    private const int Longest = 8 * 1024;

    /// <summary>What git adds to whatever the other side said.</summary>
    private static readonly string[] Advice =
    [
        "fatal: Could not read from remote repository", "Please make sure you have the correct access rights", "and the repository exists",
    ];

    /// <summary>The end of <paramref name="text"/> without credentials and control characters.</summary>
    public static string Clean(string text, IReadOnlyList<string> secrets)
    {
        foreach (var secret in secrets)
        {
            text = secret.Length > 0 ? text.Replace(secret, "***", StringComparison.Ordinal) : text;
        }

        text = Credentials().Replace(text, "://***@");
        var clean = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            clean.Append(char.IsControl(character) && character is not '\n' ? ' ' : character);
        }

        var result = clean.ToString().Trim();
        return result.Length <= Longest ? result : "…" + result[^Longest..];
    }

    /// <summary><paramref name="value"/> as an error message may quote it: one line, not long, without credentials.</summary>
    public static string Quote(string value)
    {
        var clean = Clean(value, []).Replace('\n', ' ');
        return clean.Length <= 200 ? clean : clean[..200] + "…";
    }

    /// <summary>The line of git's errors that says most: its last <c>fatal:</c> or <c>error:</c>, else the last that is no mere advice.</summary>
    public static string Gist(string errors)
    {
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !Advice.Any(advice => line.StartsWith(advice, StringComparison.Ordinal)))
            .ToList();
        var line = lines.LastOrDefault(line => line.StartsWith("fatal: ", StringComparison.Ordinal))
            ?? lines.LastOrDefault(line => line.StartsWith("error: ", StringComparison.Ordinal))
            ?? lines.LastOrDefault()
            ?? "git said nothing";
        line = line.StartsWith("fatal: ", StringComparison.Ordinal) || line.StartsWith("error: ", StringComparison.Ordinal) ? line[7..] : line;
        line = line.TrimEnd('.');
        return line.Length <= 400 ? line : line[..400] + "…";
    }

    [GeneratedRegex(@"://[^/\s']*@")]
    private static partial Regex Credentials();
}

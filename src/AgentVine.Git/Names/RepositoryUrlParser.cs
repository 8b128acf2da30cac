using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentVine.Git.Names;

/// <summary>The rules of <see cref="RepositoryUrl"/>.</summary>
internal static partial class RepositoryUrlParser
{
    private const string Forms = "name an http, https, ssh, git or file URL, user@host:path, or an absolute path";

    public static RepositoryUrl Parse(string text)
    {
        try
        {
            return ParseChecked(text);
        }
        catch (Refusal refusal)
        {
            throw new FormatException($"'{Shown(text)}' is no repository that tasks can use: {refusal.Message}.");
        }
    }

    /// <summary>What a message may quote of a text that follows no rule: nothing that could be a password or a token.</summary>
    private static string Shown(string text)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal);
        var at = text.LastIndexOf('@');
        text = start >= 0 && at > start ? string.Concat(text.AsSpan(0, start + 3), "***", text.AsSpan(at)) : text;
        var query = text.IndexOf('?', StringComparison.Ordinal);
        return GitText.Quote(query < 0 ? text : text[..query] + "?…");
    }

    private static RepositoryUrl ParseChecked(string text)
    {
        Refuse(text.Length == 0, "it is empty; " + Forms);
        Refuse(text.Length > RepositoryUrl.MaxLength, $"it is longer than {RepositoryUrl.MaxLength} characters");
        Refuse(text.Any(char.IsControl), "it contains a control character");
        Refuse(text[0] == '-', "it begins with '-', like an option");
        Refuse(text.Any(char.IsSurrogate) && text.EnumerateRunes().Any(rune => rune.Value == 0xFFFD), "it is not well-formed Unicode");
        Refuse(Transport().IsMatch(text), "git would run another program to fetch it (the form 'transport::address')");

        if (Path.IsPathFullyQualified(text))
        {
            return Local(text, shown: null, text);
        }

        var url = Url().Match(text);
        if (!url.Success)
        {
            return Scp(text);
        }

        var scheme = url.Groups["scheme"].Value.ToLowerInvariant();
        return scheme switch
        {
            "http" => Web(RepositoryScheme.Http, scheme, url, 80),
            "https" => Web(RepositoryScheme.Https, scheme, url, 443),
            "ssh" => Remote(RepositoryScheme.Ssh, scheme, url, 22),
            "git" => Remote(RepositoryScheme.Git, scheme, url, 9418),
            "file" => FileUrl(url),
            _ => throw new Refusal($"its scheme '{scheme}' is not supported; " + Forms),
        };
    }

    private static RepositoryUrl Local(string path, string? shown, string text)
    {
        var isDevice = path.StartsWith(@"\\?\", StringComparison.Ordinal) || path.StartsWith(@"\\.\", StringComparison.Ordinal);
        Refuse(isDevice && OperatingSystem.IsWindows(), "it is a device path");
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return new RepositoryUrl(RepositoryScheme.Local, shown ?? full, text) { LocalPath = full };
    }

    private static RepositoryUrl FileUrl(Match url)
    {
        Refuse(url.Groups["authority"].Length > 0, "a file URL has no host: write file:///path");
        RefuseExtras(url.Groups["path"].Value);
        var path = Decode(url.Groups["path"].Value);
        if (OperatingSystem.IsWindows() && DrivePath().IsMatch(path))
        {
            path = path[1..];
        }

        Refuse(!Path.IsPathFullyQualified(path), "the path of a file URL is absolute: write file:///path");
        return Local(path, url.Value.TrimEnd('/'), url.Value);
    }

    private static RepositoryUrl Web(RepositoryScheme scheme, string name, Match url, int defaultPort)
    {
        var (user, address) = Address(url, defaultPort);
        var (userName, password) = (default(string), default(string));
        if (user is not null)
        {
            var colon = user.IndexOf(':', StringComparison.Ordinal);
            userName = Decode(colon < 0 ? user : user[..colon]);
            password = colon < 0 ? null : Decode(user[(colon + 1)..]);
        }

        var path = url.Groups["path"].Value;
        RefuseExtras(path);
        return new RepositoryUrl(scheme, $"{name}://{address}{path.TrimEnd('/')}", url.Value)
        {
            Origin = $"{name}://{address}",
            UserName = userName,
            Password = password,
        };
    }

    private static RepositoryUrl Remote(RepositoryScheme scheme, string name, Match url, int defaultPort)
    {
        var (user, address) = Address(url, defaultPort);
        Refuse(user is not null && scheme == RepositoryScheme.Git, "a git URL has no user; use ssh or https");
        RefuseUser(user);
        var path = url.Groups["path"].Value;
        RefuseExtras(path);
        Refuse(path.StartsWith("/-", StringComparison.Ordinal), "its path begins with '-', like an option");
        var at = user is null ? "" : user + "@";
        return new RepositoryUrl(scheme, $"{name}://{at}{address}{path.TrimEnd('/')}", url.Value);
    }

    private static RepositoryUrl Scp(string text)
    {
        var match = ScpForm().Match(text);
        Refuse(!match.Success, "it is a relative path or no address at all; " + Forms);
        var user = match.Groups["user"].Success ? match.Groups["user"].Value : null;
        var host = match.Groups["host"].Value;
        var path = match.Groups["path"].Value;
        Refuse(user is null && host.Length == 1, "it is a Windows path, and this machine is none");
        RefuseUser(user);
        RefuseHost(host);
        RefuseExtras(path);
        Refuse(user is null && PasswordInPath().IsMatch(path), "ssh takes no password from a URL; use a key");
        Refuse(path[0] == '-', "its path begins with '-', like an option");
        var at = user is null ? "" : user + "@";
        return new RepositoryUrl(RepositoryScheme.Ssh, $"{at}{host.ToLowerInvariant()}:{path.TrimEnd('/')}", text);
    }

    private static (string? User, string Address) Address(Match url, int defaultPort)
    {
        var authority = url.Groups["authority"].Value;
        var at = authority.LastIndexOf('@');
        var match = HostAndPort().Match(authority[(at + 1)..]);
        Refuse(!match.Success, "its host or port is not well-formed");
        var host = match.Groups["host"].Value;
        RefuseHost(host);
        Refuse(url.Groups["path"].Value.Trim('/').Length == 0, "it names a host and no repository");

        var port = match.Groups["port"].Value;
        var number = port.Length == 0 ? defaultPort : int.Parse(port, CultureInfo.InvariantCulture);
        Refuse(number is 0 or > 65535, "its port is not between 1 and 65535");
        var shown = number == defaultPort ? "" : ":" + number.ToString(CultureInfo.InvariantCulture);
        return (at < 0 ? null : authority[..at], host.ToLowerInvariant() + shown);
    }

    private static void RefuseUser(string? user)
    {
        if (user is null)
        {
            return;
        }

        Refuse(user.StartsWith('-'), "its user begins with '-', like an option");
        Refuse(user.Contains(':', StringComparison.Ordinal), "ssh takes no password from a URL; use a key");
        Refuse(!SshUser().IsMatch(user), "its user has other characters than letters, digits and . _ + - @");
    }

    private static void RefuseHost(string host)
    {
        Refuse(host.StartsWith('-'), "its host begins with '-', like an option");
        Refuse(!Host().IsMatch(host), "its host has other characters than letters, digits and . _ -");
    }

    private static void RefuseExtras(string path)
    {
        Refuse(path.IndexOfAny(['?', '#']) >= 0, "it has a query or a fragment; write %3F or %23 for these characters");
        Refuse(path.IndexOfAny([' ', '\\']) >= 0, "its path contains a space or a backslash; write %20 or %5C");
        Decode(path);
    }

    private static string Decode(string text)
    {
        var decoded = Uri.UnescapeDataString(text);
        Refuse(decoded.Any(char.IsControl), "it contains an escaped control character");
        return decoded;
    }

    private static void Refuse(bool broken, string rule)
    {
        if (broken)
        {
            throw new Refusal(rule);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9+._-]*::")]
    private static partial Regex Transport();

    [GeneratedRegex("^(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<authority>[^/]*)(?<path>.*)$")]
    private static partial Regex Url();

    [GeneratedRegex(@"^(?:(?<user>[^/:]*)@)?(?<host>\[[^\]/]*\]|[^/:@\[\]]+):(?<path>.+)$")]
    private static partial Regex ScpForm();

    [GeneratedRegex(@"^(?<host>\[[^\]]*\]|[^:\[\]]+)(?::(?<port>[0-9]{1,5}))?$")]
    private static partial Regex HostAndPort();

    [GeneratedRegex(@"^(?:\[[0-9A-Fa-f:.]+\]|[\p{L}\p{N}_.-]+)$")]
    private static partial Regex Host();

    [GeneratedRegex("^[A-Za-z0-9._+@-]+$")]
    private static partial Regex SshUser();

    [GeneratedRegex("^[^/]*@[^/]*:")]
    private static partial Regex PasswordInPath();

    [GeneratedRegex("^/[A-Za-z]:/")]
    private static partial Regex DrivePath();

    private sealed class Refusal(string rule) : Exception(rule);
}

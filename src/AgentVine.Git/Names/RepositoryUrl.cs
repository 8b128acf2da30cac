using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace AgentVine.Git.Names;

/// <summary>
/// A git repository as a task names it: a URL of http, https, ssh, git or file, <c>user@host:path</c>, or an absolute local path.
/// Parsing refuses whatever git could take for an option or for another transport. Nothing but <see cref="FetchUrl"/> shows credentials.
/// </summary>
public sealed class RepositoryUrl
{
    internal RepositoryUrl(RepositoryScheme scheme, string text, string fetchUrl)
    {
        Scheme = scheme;
        Text = text;
        FetchUrl = fetchUrl;
    }

    /// <summary>The longest text that is parsed.</summary>
    public const int MaxLength = 2048;

    /// <summary>How it is reached.</summary>
    public RepositoryScheme Scheme { get; }

    /// <summary>
    /// To store and to show: as named, with host and scheme in small letters, without default port, trailing slash and credentials.
    /// </summary>
    public string Text { get; }

    /// <summary>As named, credentials included: a secret where <see cref="HasPassword"/>. Parses to an equal value.</summary>
    public string FetchUrl { get; }

    /// <summary>32 hexadecimal digits, the same for every spelling that has the same <see cref="Text"/> or the same folder.</summary>
    public string Key => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(LocalPath ?? Text)).AsSpan(0, 16));

    /// <summary>The folder of a local repository.</summary>
    public string? LocalPath { get; internal init; }

    /// <summary>Whether it came with a password or token.</summary>
    public bool HasPassword => Password is not null;

    /// <summary>What git is told on its command line, where other users can read it.</summary>
    internal string Address => LocalPath ?? Text;

    /// <summary>Scheme, host and port, as git scopes credentials by.</summary>
    internal string? Origin { get; init; }

    /// <summary>The user of an http URL.</summary>
    internal string? UserName { get; init; }

    internal string? Password { get; init; }

    /// <summary>Parses <paramref name="text"/>.</summary>
    /// <exception cref="FormatException">It is none; the message is a sentence that names the value, without credentials, and the rule.</exception>
    public static RepositoryUrl Parse(string text) => RepositoryUrlParser.Parse(text);

    /// <summary>As <see cref="Parse"/>, with the sentence in <paramref name="problem"/> in place of an exception.</summary>
    public static bool TryParse(
        string? text,
        [NotNullWhen(true)] out RepositoryUrl? url,
        [NotNullWhen(false)] out string? problem)
    {
        try
        {
            (url, problem) = (RepositoryUrlParser.Parse(text ?? ""), null);
            return true;
        }
        catch (FormatException failure)
        {
            (url, problem) = (null, failure.Message);
            return false;
        }
    }

    /// <summary><see cref="Text"/>: never credentials.</summary>
    public override string ToString() => Text;
}

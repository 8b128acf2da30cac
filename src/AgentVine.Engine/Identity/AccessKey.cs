using System.Security.Cryptography;
using System.Text;

namespace AgentVine.Engine.Identity;

/// <summary>The server's key. It is compared in constant time and never printed.</summary>
public sealed class AccessKey
{
    /// <summary>The environment variable that replaces the key of the data folder.</summary>
    public const string Variable = "VINE_API_KEY";

    private const int MinimumLength = 16;
    private readonly byte[] _hash;

    private AccessKey(string value, string name, bool isConfigured)
    {
        _hash = Hash(value);
        Name = name;
        IsConfigured = isConfigured;
    }

    /// <summary>The caller's name in records: <c>key:run</c> or <c>key:configured</c>.</summary>
    public string Name { get; }

    /// <summary>Whether somebody chose it, as other addresses than loopback ask for.</summary>
    public bool IsConfigured { get; }

    /// <summary>The key of the environment when it has one, else that of the data folder, which is created when it is missing.</summary>
    /// <exception cref="AccessKeyException">The key is unfit, or its file is.</exception>
    public static AccessKey Load(string? configured, string dataFolder) =>
        string.IsNullOrEmpty(configured) ? Run(RunKey.LoadOrCreate(dataFolder)) : Configured(configured);

    /// <summary>The key of <c>run.key</c>.</summary>
    public static AccessKey Run(string value) => new(value, "key:run", isConfigured: false);

    /// <summary>A key that somebody chose.</summary>
    /// <exception cref="AccessKeyException">It is too short, or could not stand in a header.</exception>
    public static AccessKey Configured(string value)
    {
        if (value.Length < MinimumLength || value.Any(character => character is <= ' ' or > '~'))
        {
            throw new AccessKeyException(
                $"{Variable} has {value.Length} characters; it must be at least {MinimumLength} visible ASCII characters without spaces. "
                + "Make one with 'openssl rand -base64 32'.");
        }

        return new AccessKey(value, "key:configured", isConfigured: true);
    }

    /// <summary>Whether <paramref name="presented"/> is the key; takes the same time for every answer.</summary>
    public bool Matches(string presented) => CryptographicOperations.FixedTimeEquals(_hash, Hash(presented));

    private static byte[] Hash(string value) => SHA256.HashData(Encoding.UTF8.GetBytes(value));
}

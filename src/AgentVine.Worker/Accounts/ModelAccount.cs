using System.Security.Cryptography;
using System.Text;
using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Workers;
using AgentVine.Runtimes.ClaudeCode;

namespace AgentVine.Worker.Accounts;

/// <summary>Where model calls are paid. Its secret never leaves the worker, and only a subscription's is given to agents.</summary>
public sealed record ModelAccount
{
    /// <summary>What an account is called that is not configured but in the environment.</summary>
    public const string DefaultName = "default";

    /// <summary>One name is one account, on whatever worker.</summary>
    public required string Name { get; init; }

    /// <summary>A key, sent as <c>x-api-key</c>.</summary>
    public string? ApiKey { get; init; }

    /// <summary>A key, sent as a bearer token.</summary>
    public string? AuthToken { get; init; }

    /// <summary>The token of a subscription login.</summary>
    public string? OAuthToken { get; init; }

    /// <summary>The provider's address; its own when null.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>How it pays: by a key the worker's gateway can stand in for, or by a login that the agent program itself uses.</summary>
    public AccountKind Kind => string.IsNullOrEmpty(ApiKey) && string.IsNullOrEmpty(AuthToken) ? AccountKind.Subscription : AccountKind.ApiKey;

    private string Secret => string.Join('\n', new[] { ApiKey, AuthToken, OAuthToken }.Where(secret => !string.IsNullOrEmpty(secret)));

    /// <summary>The account of the environment, if it has one.</summary>
    internal static IReadOnlyList<ModelAccount> Of(ClaudeCodeOptions claude)
    {
        var account = new ModelAccount
        {
            Name = DefaultName,
            ApiKey = claude.ApiKey,
            AuthToken = claude.AuthToken,
            OAuthToken = claude.OAuthToken,
            BaseUrl = claude.BaseUrl,
        };
        return account.Secret.Length == 0 ? [] : [account];
    }

    /// <summary>The agent program's options when this account pays.</summary>
    internal ClaudeCodeOptions Apply(ClaudeCodeOptions claude) =>
        claude with { ApiKey = ApiKey, AuthToken = AuthToken, OAuthToken = OAuthToken, BaseUrl = BaseUrl };

    /// <summary>What the server is told of it.</summary>
    internal WorkerAccount ToRegistration() => new()
    {
        Name = Name,
        Kind = Kind,
        Runtime = ClaudeCodeRuntime.RuntimeName,
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)).AsSpan(0, 4)),
    };
}

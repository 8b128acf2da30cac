using System.Net.Http.Headers;
using AgentVine.Contracts.Accounts;
using AgentVine.Worker.Accounts;

namespace AgentVine.Worker.Gateway;

/// <summary>The provider that an account's calls go to, its key there, which no agent has, and whether calls may go.</summary>
internal sealed class ModelUpstream(ModelAccount account, TimeProvider time)
{
    private static readonly Uri Provider = new("https://api.anthropic.com");

    /// <summary>The account.</summary>
    public string Name => account.Name;

    /// <summary>Where calls go.</summary>
    public Uri Url { get; } = account.BaseUrl ?? Provider;

    /// <summary>Closed by the provider's limits.</summary>
    public AccountGate Gate { get; } = new(time);

    /// <summary>Whether there is a key to stand in for. A subscription login has none: its agents call the provider themselves.</summary>
    public static bool IsFor(ModelAccount account) => account.Kind == AccountKind.ApiKey;

    /// <summary>A call's address there: path and query as the agent wrote them.</summary>
    /// <exception cref="ArgumentException">Read as an address, the path is another one, or of another host: there the key must not go.</exception>
    public Uri Address(CallTarget target)
    {
        var address = new Uri(Url.ToString().TrimEnd('/') + target.Path + target.Query);
        return address.Authority == Url.Authority && address.AbsolutePath == Url.AbsolutePath.TrimEnd('/') + target.Path
            ? address
            : throw new ArgumentException("The call's target is no plain path.", nameof(target));
    }

    /// <summary>Puts the account's key in the place of the agent's token.</summary>
    public void Authenticate(HttpRequestHeaders headers)
    {
        if (!string.IsNullOrEmpty(account.AuthToken))
        {
            headers.TryAddWithoutValidation("Authorization", $"Bearer {account.AuthToken}");
        }

        if (!string.IsNullOrEmpty(account.ApiKey))
        {
            headers.TryAddWithoutValidation("x-api-key", account.ApiKey);
        }
    }
}

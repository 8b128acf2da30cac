using AgentVine.Contracts.Accounts;

namespace AgentVine.Contracts.Queue;

/// <summary>A model account that takes no work now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ClosedUntil">When it takes work again by itself; absent when a person opens it.</param>
/// <param name="Status">Whether it is limited or closed.</param>
/// <param name="Reason">Why, in the provider's words or a person's.</param>
public sealed record AccountStatus(string Name, DateTimeOffset? ClosedUntil, AccountState Status, string? Reason);

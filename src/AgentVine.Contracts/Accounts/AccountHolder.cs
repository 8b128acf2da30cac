namespace AgentVine.Contracts.Accounts;

/// <summary>A worker that has an account.</summary>
/// <param name="WorkerId">The worker.</param>
/// <param name="WorkerName">Its name.</param>
/// <param name="Runtime">The runtime whose model calls it pays there.</param>
/// <param name="Fingerprint">The first eight hexadecimal digits of the secret's SHA-256: whether two workers have the same.</param>
public sealed record AccountHolder(Guid WorkerId, string WorkerName, string Runtime, string? Fingerprint);

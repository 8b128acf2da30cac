namespace AgentVine.Runtimes;

/// <summary>How one attempt's agent calls its model: by the worker's gateway, not by the provider's own address.</summary>
/// <param name="Url">The gateway, for example <c>http://127.0.0.1:41234</c>.</param>
/// <param name="Token">Stands for the account's key there, ends with the attempt, and is worth nothing elsewhere; kept out of arguments and logs all the same.</param>
/// <param name="Socket">The gateway's unix socket, for an agent that has no network; null where it calls <paramref name="Url"/> itself.</param>
public sealed record ModelAccess(Uri Url, string Token, string? Socket = null);

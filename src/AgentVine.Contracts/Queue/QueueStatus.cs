namespace AgentVine.Contracts.Queue;

/// <summary>The answer to <c>GET /api/v1/queue/status</c>.</summary>
public sealed record QueueStatus(IReadOnlyList<QueueDepth> Queues, IReadOnlyList<AccountStatus> Accounts);

namespace AgentVine.Engine.Kernel.Http;

/// <summary>Marks endpoints that take the header <c>Idempotency-Key</c>.</summary>
internal sealed record IdempotentMetadata;

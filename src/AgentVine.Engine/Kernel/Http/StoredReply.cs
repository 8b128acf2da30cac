namespace AgentVine.Engine.Kernel.Http;

/// <summary>A row of <c>idempotency_keys</c>.</summary>
internal sealed record StoredReply
{
    public string BodyHash { get; init; } = "";

    public int Status { get; init; }

    public string? Location { get; init; }

    public string Response { get; init; } = "";
}

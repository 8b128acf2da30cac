namespace AgentVine.Engine.Tasks;

/// <summary>Who claims, and what it may take.</summary>
internal sealed record AttemptClaim(
    Guid WorkerId, string WorkerName, Guid ClaimId, IReadOnlyList<string> Lanes, TimeSpan Lease, string ForUpdate)
{
    /// <summary>Whether the worker can go on from checkpoints: since version 2 of its protocol.</summary>
    public required bool TakesCheckpoints { get; init; }
}

using AgentVine.Engine.Accounts;

namespace AgentVine.Engine.Tasks;

/// <summary>Who claims, and what it may take.</summary>
internal sealed record AttemptClaim(
    Guid WorkerId, string WorkerName, Guid ClaimId, IReadOnlyList<string> Lanes, TimeSpan Lease, string ForUpdate)
{
    /// <summary>Which account pays for each runtime.</summary>
    public required AccountOffer Accounts { get; init; }

    /// <summary>Whether the worker can go on from checkpoints: since version 2 of its protocol.</summary>
    public required bool TakesCheckpoints { get; init; }
}

using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Queue;

/// <summary>A claim that rides on a complete or fail.</summary>
public sealed record ClaimNext
{
    /// <inheritdoc cref="ClaimRequest.ClaimId"/>
    [Required]
    public Guid? ClaimId { get; init; }

    /// <inheritdoc cref="ClaimRequest.Wait"/>
    [Range(0, 60)]
    public int Wait { get; init; }
}

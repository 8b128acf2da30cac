using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Executions;

/// <summary>The body of <c>POST /api/v1/executions/{id}/output</c>. Lines that are stored already are skipped, so a batch can be sent again.</summary>
public sealed record AppendOutputRequest
{
    /// <summary>Consecutive lines; the first may not leave a gap after what is stored.</summary>
    [Required, MinLength(1), MaxLength(5000)]
    public IReadOnlyList<OutputLine>? Lines { get; init; }
}

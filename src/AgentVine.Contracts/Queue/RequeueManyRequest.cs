using System.ComponentModel.DataAnnotations;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Contracts.Queue;

/// <summary>The body of <c>POST /api/v1/queue/dead-letter/requeue</c>: either <see cref="Ids"/> or <see cref="All"/>.</summary>
public sealed record RequeueManyRequest
{
    /// <summary>These tasks.</summary>
    [MinLength(1), MaxLength(1000)]
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>All that are in the dead letter.</summary>
    public bool? All { get; init; }

    /// <summary>Of those, the ones with this cause alone.</summary>
    public FailureCause? Cause { get; init; }

    /// <inheritdoc cref="RequeueRequest.Session"/>
    public RequeueSession? Session { get; init; }
}

using System.ComponentModel.DataAnnotations;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Contracts.Accounts;

/// <summary>
/// The body of <c>POST /api/v1/accounts/{name}/limits</c>: a worker tells at once what its gateway saw, before the attempt ends. Told twice, it
/// is one limit.
/// </summary>
public sealed record AccountLimitRequest
{
    /// <summary>Who tells it.</summary>
    [Required]
    public Guid? WorkerId { get; init; }

    /// <summary><c>rate_limited</c>, <c>key_refused</c> or <c>no_credit</c>; no other closes an account.</summary>
    [Required]
    public FailureCause? Cause { get; init; }

    /// <summary>The provider's words.</summary>
    [Required, StringLength(2000)]
    public string? Message { get; init; }

    /// <summary>When a rate limit ends, where the provider told it.</summary>
    public DateTimeOffset? RetryAt { get; init; }
}

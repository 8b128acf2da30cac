using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Accounts;

/// <summary>The body, which may be absent, of <c>POST /api/v1/accounts/{name}/close</c>.</summary>
public sealed record CloseAccountRequest
{
    /// <summary>When it opens by itself; absent: not before somebody opens it.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Shown wherever work waits for it.</summary>
    [StringLength(500), SingleLine]
    public string? Reason { get; init; }
}

using System.ComponentModel.DataAnnotations;
using AgentVine.Contracts.Accounts;

namespace AgentVine.Contracts.Workers;

/// <summary>An account that a worker can pay model calls with. Its secret stays with the worker.</summary>
public sealed record WorkerAccount
{
    /// <summary>One name is one account, on whatever worker.</summary>
    [Required, StringLength(64, MinimumLength = 1), SingleLine]
    public string? Name { get; init; }

    /// <summary>How it pays.</summary>
    [Required]
    public AccountKind? Kind { get; init; }

    /// <summary>The runtime whose calls it pays.</summary>
    [Required, StringLength(64), SingleLine]
    public string? Runtime { get; init; }

    /// <summary>The first eight hexadecimal digits of the secret's SHA-256: another one opens an account that was closed for its key.</summary>
    [StringLength(64), SingleLine]
    public string? Fingerprint { get; init; }
}

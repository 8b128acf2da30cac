using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Workers;

/// <summary>The body of <c>POST /api/v1/workers</c>. Registering a name again takes it over: what the former one ran ends as lost.</summary>
public sealed record RegisterWorkerRequest
{
    /// <summary>Unique in the organization while the worker is not deregistered.</summary>
    [Required, StringLength(100), SingleLine]
    public string? Name { get; init; }

    /// <summary>How many tasks it runs at a time.</summary>
    [Required, Range(1, 256)]
    public int? Slots { get; init; }

    /// <summary>The worker protocol's version, <see cref="WorkerProtocol.Version"/>.</summary>
    [Required]
    public int? Protocol { get; init; }

    /// <summary>Runtimes that it can drive; orders of others are not offered to it.</summary>
    [Required, MaxLength(16)]
    public IReadOnlyList<string>? Runtimes { get; init; }

    /// <summary>
    /// Accounts that can pay its agents' model calls, in order of preference. Orders of a runtime that is named here are offered while one of
    /// its accounts is open; orders of others at any time.
    /// </summary>
    [MaxLength(32)]
    public IReadOnlyList<WorkerAccount>? Accounts { get; init; }

    /// <summary>A free word for people.</summary>
    [StringLength(100)]
    public string? Type { get; init; }

    /// <summary>What it is good at, for people and routing.</summary>
    [MaxLength(50)]
    public IReadOnlyList<string>? Specializations { get; init; }

    /// <summary>What its agents may do, for people and routing.</summary>
    [MaxLength(50)]
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>Free labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Tokens of context that its agents have.</summary>
    [Range(1, long.MaxValue)]
    public long? ContextWindow { get; init; }

    /// <summary>Never more of its orders are leased at once, whatever its slots; no limit when absent.</summary>
    [Range(1, 256)]
    public int? MaxConcurrentTasks { get; init; }

    /// <summary><c>bubblewrap</c> or <c>none</c>.</summary>
    [StringLength(32)]
    public string? Sandbox { get; init; }

    /// <summary>The program's version.</summary>
    [StringLength(64)]
    public string? Version { get; init; }

    /// <summary>The machine's name.</summary>
    [StringLength(255)]
    public string? Host { get; init; }
}

using AgentVine.Contracts;
using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Accounts;

/// <summary>A row of <c>accounts</c>.</summary>
internal sealed class AccountRow
{
    public string Name { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Status { get; init; } = "";

    public string? Cause { get; init; }

    public string? Reason { get; init; }

    public long? ClosedAt { get; init; }

    public long? ClosedUntil { get; init; }

    /// <summary>Nobody told when the limit ends: <see cref="ClosedUntil"/> is a guess, to be tried by one attempt.</summary>
    public bool IsBackoff { get; init; }

    /// <summary>The end of the newest limit, kept after it: a limit that is told once more is known by it.</summary>
    public long? LastLimitUntil { get; init; }

    /// <summary>Limits without a told end since an attempt last got on.</summary>
    public int Hits { get; init; }

    /// <summary>Since when one attempt at a time tries whether the limit is over.</summary>
    public long? ProbingSince { get; init; }

    /// <summary>Running attempts.</summary>
    public long Running { get; init; }

    /// <summary>Those of them that began since <see cref="ProbingSince"/>.</summary>
    public long Probes { get; init; }

    public AccountState State => VineJson.Parse<AccountState>(Status);

    /// <summary>Whether an attempt may begin on it now.</summary>
    public bool Takes => State == AccountState.Open && (ProbingSince is null || Probes == 0);

    public AccountStatus ToStatus() => new(Name, ClosedUntil.Time(), State, Reason);

    public AccountView ToView(IReadOnlyList<AccountHolder> workers, long spentToday) => new()
    {
        Name = Name,
        Kind = VineJson.Parse<AccountKind>(Kind),
        Status = State,
        ClosedUntil = ClosedUntil.Time(),
        Cause = Cause is null ? null : VineJson.Parse<FailureCause>(Cause),
        Reason = Reason,
        ClosedAt = ClosedAt.Time(),
        Probing = ProbingSince is not null,
        Running = (int)Running,
        SpentTodayUsd = spentToday.Dollar(),
        Workers = workers,
    };
}

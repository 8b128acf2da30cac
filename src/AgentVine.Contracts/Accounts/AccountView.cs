using AgentVine.Contracts.Tasks;

namespace AgentVine.Contracts.Accounts;

/// <summary>A model account as the API shows it: where model calls are paid. The secret itself never leaves its worker.</summary>
public sealed record AccountView
{
    /// <summary>As workers name it: one name is one account, on whatever worker.</summary>
    public required string Name { get; init; }

    /// <summary>How it pays.</summary>
    public required AccountKind Kind { get; init; }

    /// <summary>Whether it takes work.</summary>
    public required AccountState Status { get; init; }

    /// <summary>When it takes work again by itself; absent while it is open, and when a person opens it.</summary>
    public DateTimeOffset? ClosedUntil { get; init; }

    /// <summary>What closed it; absent while it is open, and where a person closed it.</summary>
    public FailureCause? Cause { get; init; }

    /// <summary>Why it is closed, in the provider's words or a person's.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when it takes no work.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>It was opened after a limit whose end nobody told: one attempt at a time tries it until one gets on.</summary>
    public bool Probing { get; init; }

    /// <summary>How many running attempts it pays.</summary>
    public required int Running { get; init; }

    /// <summary>What its model calls cost since the UTC day began, in US dollars of list price, as far as it is metered.</summary>
    public decimal SpentTodayUsd { get; init; }

    /// <summary>Who has it.</summary>
    public required IReadOnlyList<AccountHolder> Workers { get; init; }
}

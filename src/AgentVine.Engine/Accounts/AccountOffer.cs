namespace AgentVine.Engine.Accounts;

/// <summary>Which account each runtime of a worker would be paid by now.</summary>
internal sealed class AccountOffer(IReadOnlyDictionary<string, string?> byRuntime, IReadOnlyDictionary<string, long> onTrial)
{
    /// <summary>Accounts of the worker that one attempt at a time tries, each with since when.</summary>
    public IReadOnlyDictionary<string, long> OnTrial => onTrial;

    /// <summary>Whether orders of <paramref name="runtime"/> may be offered to the worker.</summary>
    public bool Offers(string runtime) => !byRuntime.TryGetValue(runtime, out var account) || account is not null;

    /// <summary>The first open account of the worker for <paramref name="runtime"/>; null where it has none and needs none.</summary>
    public string? AccountFor(string runtime) => byRuntime.GetValueOrDefault(runtime);

    /// <summary>When an attempt on <paramref name="account"/> begins: a claim that began before the trial and waited for it is of the trial.</summary>
    public long BeginsAt(string? account, long now) => account is not null && onTrial.TryGetValue(account, out var since) ? Math.Max(now, since) : now;
}

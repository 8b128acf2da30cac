namespace AgentVine.Engine.Accounts;

/// <summary>Which account each runtime of a worker would be paid by now.</summary>
internal sealed class AccountOffer(IReadOnlyDictionary<string, string?> byRuntime, IReadOnlyList<string> onTrial)
{
    /// <summary>Accounts of the worker that one attempt at a time tries.</summary>
    public IReadOnlyList<string> OnTrial => onTrial;

    /// <summary>Whether orders of <paramref name="runtime"/> may be offered to the worker.</summary>
    public bool Offers(string runtime) => !byRuntime.TryGetValue(runtime, out var account) || account is not null;

    /// <summary>The first open account of the worker for <paramref name="runtime"/>; null where it has none and needs none.</summary>
    public string? AccountFor(string runtime) => byRuntime.GetValueOrDefault(runtime);
}

using System.Globalization;
using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Accounts;

/// <summary>What the accounts let through now. It is derived at each look: no order carries a copy of it.</summary>
internal static class AccountGate
{
    /// <summary>What may be offered to a worker: each of its runtimes with the first of its accounts that takes work.</summary>
    public static async Task<AccountOffer> OfferAsync(IReadSession session, Guid workerId)
    {
        var byRuntime = new Dictionary<string, string?>();
        var onTrial = new Dictionary<string, long>();
        foreach (var choice in (await session.QueryAsync<AccountChoice>(AccountsSql.ChoicesOfWorker, new { WorkerId = workerId })).Where(choice => choice.Account is not null))
        {
            byRuntime.TryAdd(choice.Runtime, null);
            if (await session.FirstOrDefaultAsync<AccountRow>(AccountsSql.Find, new { Name = choice.Account }) is not { } account)
            {
                continue;
            }

            if (account.ProbingSince is { } since)
            {
                onTrial[account.Name] = since;
            }

            if (account.Takes && byRuntime[choice.Runtime] is null)
            {
                byRuntime[choice.Runtime] = account.Name;
            }
        }

        return new AccountOffer(byRuntime, onTrial);
    }

    /// <summary>As <see cref="OfferAsync"/>, to be acted on in this unit: of an account on trial, two claims at once start one attempt.</summary>
    public static async Task<AccountOffer> LockOfferAsync(IUnitOfWork unit, Guid workerId)
    {
        var offer = await OfferAsync(unit, workerId);
        if (offer.OnTrial.Count == 0)
        {
            return offer;
        }

        foreach (var account in offer.OnTrial.Keys.Order(StringComparer.Ordinal))
        {
            await unit.ExecuteAsync(AccountsSql.Lock, new { Name = account });
        }

        return await OfferAsync(unit, workerId);
    }

    /// <summary>
    /// The runtimes whose work nobody can take now, since no worker that is there has an open account for them; each with why, in words.
    /// Where none is there, what the registered ones have counts: an account is limited whoever is away.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, string>> HeldAsync(IReadSession session)
    {
        var held = new Dictionary<string, string>();
        if (await session.FirstOrDefaultAsync<string>(AccountsSql.AnyNotPlainlyOpen) is null)
        {
            return held;
        }

        var accounts = (await session.QueryAsync<AccountRow>(AccountsSql.All)).ToDictionary(account => account.Name);
        foreach (var choices in (await session.QueryAsync<AccountChoice>(AccountsSql.Choices)).GroupBy(choice => choice.Runtime))
        {
            var awake = choices.Where(choice => choice.IsAwake).ToList();
            var rows = (awake.Count > 0 ? awake : choices.ToList()).Select(choice => choice.Account is null ? null : accounts.GetValueOrDefault(choice.Account)).ToList();
            if (rows.All(account => account is { Takes: false }))
            {
                held[choices.Key] = Words(rows.MinBy(account => account!.State == AccountState.Closed ? long.MaxValue : account.ClosedUntil ?? 0)!);
            }
        }

        return held;
    }

    /// <summary>Whether work of <paramref name="runtime"/> has somewhere else to go than <paramref name="account"/>, now or once a limit is over.</summary>
    public static async Task<bool> HasOtherAsync(IReadSession session, string runtime, string account)
    {
        var closed = (await session.QueryAsync<AccountRow>(AccountsSql.All)).Where(row => row.State == AccountState.Closed).Select(row => row.Name).ToHashSet();
        return (await session.QueryAsync<AccountChoice>(AccountsSql.Choices)).Any(choice =>
            choice.IsAwake && choice.Runtime == runtime && choice.Account != account && (choice.Account is null || !closed.Contains(choice.Account)));
    }

    /// <summary>Whether <paramref name="cause"/> says something of the account rather than of the task.</summary>
    public static bool IsOfAccount(FailureCause? cause) => cause is FailureCause.RateLimited or FailureCause.KeyRefused or FailureCause.NoCredit;

    private static string Words(AccountRow account) => account switch
    {
        { State: AccountState.Limited } => $"account {account.Name}: limited until {Moment(account.ClosedUntil!.Value)}{Reason(account)}",
        { State: AccountState.Closed, Cause: { } cause } => $"account {account.Name}: closed, {cause.Replace('_', ' ')}{Reason(account)}",
        { State: AccountState.Closed } => $"account {account.Name}: closed{Reason(account)}",
        _ => $"account {account.Name}: one attempt tries whether its limit is over",
    };

    private static string Reason(AccountRow account) => account.Reason is null ? "" : $", {account.Reason}";

    private static string Moment(long micros) => micros.Time().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

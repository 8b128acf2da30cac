using AgentVine.Contracts.Accounts;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Events;
using AgentVine.Engine.Kernel.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Accounts;

/// <summary>Looking at accounts, closing and opening them, and what workers tell of them.</summary>
internal static class AccountEndpoints
{
    public static async Task<ListReply<AccountView>> List(IStore store, TimeProvider time, CancellationToken cancellationToken) =>
        await store.ReadAsync(
            Organizations.Default,
            async session => new ListReply<AccountView>(
                await ViewsAsync(session, await session.QueryAsync<AccountRow>(AccountsSql.All), time),
                await EventLog.LastSequenceAsync(session),
                nextAfter: null),
            cancellationToken);

    public static async Task<Ok<AccountView>> Show(string name, IStore store, TimeProvider time, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ReadAsync(Organizations.Default, session => ViewAsync(session, name, time), cancellationToken));

    public static Task<Ok<AccountView>> Close(
        string name, Body<CloseAccountRequest>? body, Caller caller, IStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var request = body?.Value ?? new CloseAccountRequest();
        if (request.Until <= time.GetUtcNow())
        {
            throw Faults.Of("until", "must be in the future; leave it out to keep the account closed until it is opened");
        }

        return WriteAsync(name, unit => AccountBook.CloseAsync(unit, name, request.Until, request.Reason, caller.Name), store, time, cancellationToken);
    }

    public static Task<Ok<AccountView>> Open(
        string name, Caller caller, AccountBook book, IStore store, TimeProvider time, CancellationToken cancellationToken) =>
        WriteAsync(name, unit => book.OpenAsync(unit, name, caller.Name), store, time, cancellationToken);

    /// <summary>A worker's gateway saw a limit, a refused key or an empty purse, and tells it before its attempt ends.</summary>
    public static Task<Ok<AccountView>> Limit(
        string name, WorkerBody<AccountLimitRequest> body, IStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var limit = body.Value;
        if (!AccountGate.IsOfAccount(limit.Cause))
        {
            throw Faults.Of("cause", "must be one of: rate_limited, key_refused, no_credit; no other closes an account");
        }

        return WriteAsync(
            name,
            unit => AccountBook.TakeWordAsync(unit, name, limit.WorkerId!.Value, limit.Cause!.Value, limit.Message!, limit.RetryAt, startedAt: null),
            store,
            time,
            cancellationToken);
    }

    private static async Task<Ok<AccountView>> WriteAsync(
        string name, Func<IUnitOfWork, Task> change, IStore store, TimeProvider time, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                await change(unit);
                return await ViewAsync(unit, name, time);
            },
            cancellationToken));

    private static async Task<AccountView> ViewAsync(IReadSession session, string name, TimeProvider time) =>
        (await ViewsAsync(session, [await AccountBook.GetAsync(session, name)], time))[0];

    private static async Task<IReadOnlyList<AccountView>> ViewsAsync(IReadSession session, IReadOnlyList<AccountRow> rows, TimeProvider time)
    {
        var holders = (await session.QueryAsync<AccountChoice>(AccountsSql.Holders)).ToLookup(
            choice => choice.Account!, choice => new AccountHolder(choice.WorkerId, choice.WorkerName, choice.Runtime, choice.Fingerprint));
        var spent = (await session.QueryAsync<AccountSpending>(AccountsSql.SpentOn, new { Day = Budgets.DayOf(time.GetUtcNow().Micros()) }))
            .ToDictionary(row => row.Account, row => row.Spent);
        return [.. rows.Select(row => row.ToView([.. holders[row.Name]], spent.GetValueOrDefault(row.Name)))];
    }

    private sealed class AccountSpending
    {
        public string Account { get; init; } = "";

        public long Spent { get; init; }
    }
}

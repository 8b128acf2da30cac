using System.Runtime.CompilerServices;
using AgentVine.Contracts;
using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Repositories;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Tasks.Queue;
using AgentVine.Engine.Workers;
using Microsoft.Extensions.DependencyInjection;

namespace AgentVine.Testing.Conformance;

/// <summary>What people and workers say of accounts, budgets and usage.</summary>
internal sealed partial class QueueFleet
{
    public static WorkerAccount Account(string name, string fingerprint = "0123abcd") =>
        new() { Name = name, Kind = AccountKind.ApiKey, Runtime = RuntimeNames.Rehearsal, Fingerprint = fingerprint };

    public async Task<AccountView> AccountAsync(string name) => (await AccountEndpoints.Show(name, Store, Time, default)).Value!;

    public Task CloseAccountAsync(string name, DateTimeOffset? until = null, string? reason = null) => AccountEndpoints.Close(
        name, new Body<CloseAccountRequest>(new CloseAccountRequest { Until = until, Reason = reason }), Person, Store, Time, default);

    public Task OpenAccountAsync(string name) => AccountEndpoints.Open(name, Person, Get<AccountBook>(), Store, Time, default);

    public Task TellLimitAsync(Guid worker, string name, FailureCause cause = FailureCause.RateLimited, DateTimeOffset? retryAt = null) => AccountEndpoints.Limit(
        name,
        new WorkerBody<AccountLimitRequest>(new AccountLimitRequest { WorkerId = worker, Cause = cause, Message = "the provider's words", RetryAt = retryAt }),
        Store, Time, default);

    /// <summary>One turn of the loop that opens accounts.</summary>
    public Task OpenDueAccountsAsync() => TurnOf(ActivatorUtilities.CreateInstance<AccountOpener>(_services), CancellationToken.None);

    public async Task<EndResponse> FailAsync(WorkOrderView order, TaskError error, Guid? claimNext = null) => (await LeaseEndpoints.Fail(
        new WorkerBody<FailRequest>(new FailRequest
        {
            WorkOrderId = order.Id,
            LeaseToken = order.LeaseToken,
            Error = error,
            ClaimNext = claimNext is null ? null : new ClaimNext { ClaimId = claimNext },
        }),
        Store, Get<Attempts>(), Get<ClaimDesk>(), default)).Value!;

    public async Task<QueueStatus> QueueAsync() => (await ShowQueue.Handle(Store, [], Time, default)).Value!;

    public async Task<BudgetResponse> AskBudgetAsync(WorkOrderView order, decimal spent, decimal wanted, decimal? day = null) => (await BudgetEndpoints.Ask(
        order.ExecutionId,
        new WorkerBody<BudgetRequest>(new BudgetRequest { LeaseToken = order.LeaseToken, SpentUsd = spent, WantedUsd = wanted }),
        Store, day is null ? Get<Budgets>() : new Budgets(new AccountsOptions { DayBudgetUsd = day }), default)).Value!;

    public Task StoreUsageAsync(WorkOrderView order, params IReadOnlyList<UsageRow> rows) => UsageEndpoints.Store(
        order.ExecutionId,
        new WorkerBody<UsageRequest>(new UsageRequest { LeaseToken = order.LeaseToken, Rows = rows }),
        Store, Get<AccountBook>(), default);

    public async Task<IReadOnlyList<UsageRow>> UsageAsync(WorkOrderView order) => (await UsageEndpoints.List(order.ExecutionId, Store, default)).Value!;

    public async Task BudgetOfRepositoryAsync(Guid repository, decimal dollars) => await RepositoryEndpoints.Update(
        repository,
        new Body<Contracts.Repositories.UpdateRepositoryRequest>(new() { DailyBudgetUsd = dollars }),
        Store, Get<IRepositoryLimitObserver>(), default);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "TurnAsync")]
    private static extern Task TurnOf(AccountOpener opener, CancellationToken cancellationToken);
}

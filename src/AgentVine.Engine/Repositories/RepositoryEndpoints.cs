using AgentVine.Contracts.Events;
using AgentVine.Contracts.Repositories;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Events;
using AgentVine.Engine.Kernel.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Repositories;

/// <summary>Naming repositories and setting their limits.</summary>
internal static class RepositoryEndpoints
{
    public static async Task<ListReply<RepositoryView>> List(IStore store, CancellationToken cancellationToken) =>
        await store.ReadAsync(
            Organizations.Default,
            async session => new ListReply<RepositoryView>(
                [.. (await session.QueryAsync<RepositoryRow>(RepositoriesSql.All)).Select(row => row.ToView())],
                await EventLog.LastSequenceAsync(session),
                nextAfter: null),
            cancellationToken);

    public static async Task<Ok<RepositoryView>> Show(Guid id, IStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok((await store.ReadAsync(Organizations.Default, session => RepositoryRecords.GetAsync(session, id), cancellationToken)).ToView());

    public static Task<CreatedReply<RepositoryView>> Create(
        Body<CreateRepositoryRequest> body, HttpContext context, IdempotentWrite write, CancellationToken cancellationToken)
    {
        var url = RepositoryRules.Canonical(body.Value.Url!, "url");
        return write.CreateAsync(
            context,
            body.Value,
            async unit =>
            {
                var repository = await RepositoryRecords.FindOrCreateAsync(unit, url, body.Value.MaxConcurrent, body.Value.DailyBudgetUsd);
                return new NewResource<RepositoryView>($"/api/v1/repositories/{repository.Id}", repository.ToView());
            },
            cancellationToken);
    }

    public static async Task<Ok<RepositoryView>> Update(
        Guid id, Body<UpdateRepositoryRequest> body, IStore store, IRepositoryLimitObserver queue, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                var repository = await RepositoryRecords.GetAsync(unit, id);
                if (body.Value.DailyBudgetUsd is { } budget)
                {
                    var stored = budget == 0 ? (decimal?)null : budget;
                    if (repository.DailyBudget is { } former && (stored is null || stored.Value.Micros() > former))
                    {
                        await queue.OnBudgetRaisedAsync(unit, id, cancellationToken);
                    }

                    await unit.ExecuteAsync(RepositoriesSql.SetBudget, new { Id = id, DailyBudget = stored?.Micros() });
                    unit.Append(new EventDraft(EventTypes.RepositoryChanged, Data: new { repository_id = id, url = repository.Url, daily_budget_usd = stored }));
                }

                if (body.Value.MaxConcurrent is { } limit)
                {
                    var stored = limit == 0 ? (int?)null : limit;
                    await unit.ExecuteAsync(RepositoriesSql.SetLimit, new { Id = id, MaxConcurrent = stored });
                    unit.Append(new EventDraft(EventTypes.RepositoryChanged, Data: new { repository_id = id, url = repository.Url, max_concurrent = stored }));
                    await queue.OnLimitChangedAsync(unit, id, cancellationToken);
                }

                return (await RepositoryRecords.GetAsync(unit, id)).ToView();
            },
            cancellationToken));
}

using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Repositories;

/// <summary>The rows of repositories, one per URL.</summary>
internal static class RepositoryRecords
{
    public static async Task<RepositoryRow> GetAsync(IReadSession session, Guid id) =>
        await session.FirstOrDefaultAsync<RepositoryRow>(RepositoriesSql.Find, new { Id = id })
        ?? throw new ProblemException(404, ErrorCodes.RepositoriesNotFound, $"There is no repository {id}. GET /api/v1/repositories lists them.");

    /// <summary>The repository of <paramref name="url"/>, made when this is the first time that it is named.</summary>
    public static async Task<RepositoryRow> FindOrCreateAsync(IUnitOfWork unit, string url, int? maxConcurrent, decimal? dailyBudgetUsd = null)
    {
        if (await unit.FirstOrDefaultAsync<RepositoryRow>(RepositoriesSql.OfUrl, new { Url = url }) is { } known)
        {
            return known;
        }

        var id = Guid.CreateVersion7(unit.Now.Time());
        if (await unit.ExecuteAsync(RepositoriesSql.Insert, new { Id = id, Url = url, MaxConcurrent = maxConcurrent, DailyBudget = dailyBudgetUsd?.Micros(), unit.Now }) == 1)
        {
            unit.Append(new EventDraft(EventTypes.RepositoryChanged, Data: new { repository_id = id, url, max_concurrent = maxConcurrent, daily_budget_usd = dailyBudgetUsd }));
        }

        return (await unit.FirstOrDefaultAsync<RepositoryRow>(RepositoriesSql.OfUrl, new { Url = url }))!;
    }

    /// <summary>Keeps what a worker found to be the default branch.</summary>
    public static async Task SetDefaultBranchAsync(IUnitOfWork unit, RepositoryRow repository, string branch)
    {
        if (repository.DefaultBranch != branch)
        {
            await unit.ExecuteAsync(RepositoriesSql.SetDefaultBranch, new { repository.Id, DefaultBranch = branch });
            unit.Append(new EventDraft(EventTypes.RepositoryChanged, Data: new { repository_id = repository.Id, url = repository.Url, default_branch = branch }));
        }
    }
}

using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>
/// The places of repositories with a limit: at most so many of its orders are ready or leased, the best-ranked ones, and the rest
/// are held, so that a claim never walks past orders that it may not take.
/// </summary>
internal sealed class QueuePlaces(QueueSignal signal)
{
    /// <summary>Decides where a new or due order of <paramref name="rank"/> stands, making room where a worse one stands ready.</summary>
    /// <returns>True when it may be ready.</returns>
    public static async Task<bool> TakeAsync(IUnitOfWork unit, Guid repositoryId, long rank)
    {
        if (await LimitAsync(unit, repositoryId) is not { } limit)
        {
            return true;
        }

        while (await unit.FirstOrDefaultAsync<long>(QueueSql.Occupied, new { RepositoryId = repositoryId }) >= limit)
        {
            var worst = await unit.FirstOrDefaultAsync<WorkOrderRow>(QueueSql.LastReadyOfRepository, new { RepositoryId = repositoryId });
            if (worst is null || worst.Rank <= rank)
            {
                return false;
            }

            // None held: a claim took that order meanwhile, so look again.
            if (await unit.ExecuteAsync(QueueSql.Hold, new { worst.Id }) == 1)
            {
                return true;
            }
        }

        return true;
    }

    /// <summary>Decides again where an order stands that was ready, or held for its repository, and has another lane and rank now.</summary>
    public async Task MovedAsync(IUnitOfWork unit, WorkOrderRow order, string lane, long rank)
    {
        if (order.HeldReason is not null)
        {
            if (await TakeAsync(unit, order.RepositoryId, rank))
            {
                await unit.ExecuteAsync(QueueSql.MakeReady, new { order.Id, unit.Now });
                unit.OnCommitted(() => signal.Wake(lane));
            }
        }
        else if (await LimitAsync(unit, order.RepositoryId) is null)
        {
            unit.OnCommitted(() => signal.Wake(lane));
        }
        else
        {
            // Its place goes to the best that is held, which may be itself.
            await unit.ExecuteAsync(QueueSql.Hold, new { order.Id });
            await FillAsync(unit, order.RepositoryId);
        }
    }

    /// <summary>Gives places that became free to the first orders held for them.</summary>
    public async Task FillAsync(IUnitOfWork unit, Guid repositoryId)
    {
        var limit = await LimitAsync(unit, repositoryId);
        var occupied = limit is null ? 0 : await unit.FirstOrDefaultAsync<long>(QueueSql.Occupied, new { RepositoryId = repositoryId });
        while (limit is null || occupied < limit)
        {
            var next = await unit.FirstOrDefaultAsync<WorkOrderRow>(QueueSql.FirstHeldOfRepository, new { RepositoryId = repositoryId });
            if (next is null)
            {
                return;
            }

            await unit.ExecuteAsync(QueueSql.MakeReady, new { next.Id, unit.Now });
            unit.OnCommitted(() => signal.Wake(next.Lane));
            occupied++;
        }
    }

    /// <summary>Holds and makes ready as the repository's limit is now.</summary>
    public async Task LimitChangedAsync(IUnitOfWork unit, Guid repositoryId)
    {
        if (await LimitAsync(unit, repositoryId) is { } limit)
        {
            var occupied = await unit.FirstOrDefaultAsync<long>(QueueSql.Occupied, new { RepositoryId = repositoryId });
            while (occupied > limit
                && await unit.FirstOrDefaultAsync<WorkOrderRow>(QueueSql.LastReadyOfRepository, new { RepositoryId = repositoryId }) is { } worst)
            {
                await unit.ExecuteAsync(QueueSql.Hold, new { worst.Id });
                occupied--;
            }
        }

        await FillAsync(unit, repositoryId);
    }

    private static async Task<int?> LimitAsync(IUnitOfWork unit, Guid repositoryId)
    {
        await unit.ExecuteAsync(QueueSql.LockRepository, new { RepositoryId = repositoryId });
        return await unit.FirstOrDefaultAsync<int?>(QueueSql.RepositoryLimit, new { RepositoryId = repositoryId });
    }
}

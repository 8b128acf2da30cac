using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Accounts;

/// <summary>What an attempt's model calls came to, by minute and model.</summary>
internal static class UsageEndpoints
{
    /// <summary>Taken also after the attempt's end, or from one that was superseded: what was spent was spent.</summary>
    public static async Task<NoContent> Store(
        Guid id, WorkerBody<UsageRequest> body, IStore store, AccountBook book, CancellationToken cancellationToken)
    {
        await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                var execution = await ExecutionRecords.LockAsync(unit, id);
                if (execution.LeaseToken != body.Value.LeaseToken)
                {
                    throw new ProblemException(
                        409, ErrorCodes.QueueLeaseLost, $"Execution {id} never ran under token {body.Value.LeaseToken}. Send its usage under the token of its own lease.");
                }

                await Budgets.StoreUsageAsync(unit, execution, body.Value.Rows!);
                if (execution.State == ExecutionStatus.Running && body.Value.Rows!.Any(row => row.Output > 0))
                {
                    await book.ProveAsync(unit, execution.Account, execution.StartedAt);
                }

                return true;
            },
            cancellationToken);
        return TypedResults.NoContent();
    }

    public static async Task<Ok<IReadOnlyList<UsageRow>>> List(Guid id, IStore store, CancellationToken cancellationToken)
    {
        var rows = await store.ReadAsync(
            Organizations.Default,
            async session =>
            {
                await ExecutionRecords.GetAsync(session, id);
                return await session.QueryAsync<UsageRecord>(BudgetsSql.UsageOf, new { ExecutionId = id });
            },
            cancellationToken);
        return TypedResults.Ok<IReadOnlyList<UsageRow>>([.. rows.Select(row => row.ToView())]);
    }
}

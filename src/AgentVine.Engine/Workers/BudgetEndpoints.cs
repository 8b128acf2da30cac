using AgentVine.Contracts.Executions;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Tasks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Workers;

/// <summary>A running attempt asks for leave to spend.</summary>
internal static class BudgetEndpoints
{
    public static async Task<Ok<BudgetResponse>> Ask(
        Guid id, WorkerBody<BudgetRequest> body, IStore store, Budgets budgets, CancellationToken cancellationToken)
    {
        var ask = body.Value;
        return TypedResults.Ok(await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                var execution = await LeaseEndpoints.UnderLeaseAsync(unit, id, ask.LeaseToken!.Value);
                return await budgets.AskAsync(
                    unit, id, async () => (await TaskRecords.FindAsync(unit, execution.TaskId))!.Budgets(), ask.SpentUsd!.Value.Micros(), ask.WantedUsd!.Value.Micros());
            },
            cancellationToken));
    }
}

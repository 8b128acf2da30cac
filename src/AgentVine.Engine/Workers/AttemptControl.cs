using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Workers;

/// <summary>What people do to a running attempt, and what its worker tells of its agent's progress.</summary>
internal static class AttemptControl
{
    /// <summary>A person ends the agent's turn; the agent stays and takes the next message.</summary>
    public static Task<Accepted> Interrupt(Guid id, IStore store, CommandChannel commands, CancellationToken cancellationToken) =>
        OrderAsync(id, WorkerCommandType.Interrupt, store, commands, cancellationToken);

    /// <summary>A person ends the attempt; its task is queued again and goes on from the newest checkpoint.</summary>
    public static Task<Accepted> Stop(Guid id, IStore store, CommandChannel commands, CancellationToken cancellationToken) =>
        OrderAsync(id, WorkerCommandType.Stop, store, commands, cancellationToken);

    /// <summary>A person ends a conversation: one that is kept at once, one that works together with its attempt.</summary>
    public static async Task<Ok<SessionView>> StopSession(Guid id, IStore store, CommandChannel commands, CancellationToken cancellationToken) =>
        TypedResults.Ok((await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                var session = await SessionRecords.GetAsync(unit, id);
                if (session.State != SessionStatus.Terminated && await ExecutionRecords.FindAsync(unit, session.ExecutionId) is { State: ExecutionStatus.Running } execution)
                {
                    await OrderAsync(unit, execution, WorkerCommandType.Stop, commands);
                }
                else
                {
                    await SessionRecords.EndRowAsync(unit, session, SessionEndReason.Cancelled);
                }

                return await SessionRecords.GetAsync(unit, id);
            },
            cancellationToken)).ToView());

    /// <summary>The worker tells of an agent that is alive and does nothing, and of each step that it takes about that.</summary>
    public static async Task<NoContent> Stall(Guid id, WorkerBody<StallRequest> body, IStore store, CancellationToken cancellationToken)
    {
        var stall = body.Value;
        await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                var execution = await LeaseEndpoints.UnderLeaseAsync(unit, id, stall.LeaseToken!.Value);
                await ExecutionRecords.StallAsync(unit, execution, stall.Step!.Value, stall.Since!.Value);
                return true;
            },
            cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Accepted> OrderAsync(
        Guid id, WorkerCommandType type, IStore store, CommandChannel commands, CancellationToken cancellationToken)
    {
        await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                await OrderAsync(unit, await ExecutionRecords.GetAsync(unit, id), type, commands);
                return true;
            },
            cancellationToken);
        return TypedResults.Accepted($"/api/v1/executions/{id}");
    }

    private static async Task OrderAsync(IUnitOfWork unit, ExecutionRow execution, WorkerCommandType type, CommandChannel commands)
    {
        if (execution.State != ExecutionStatus.Running)
        {
            throw new ProblemException(409, ErrorCodes.ExecutionsEnded, $"Execution {execution.Id} is {execution.Status}; there is no agent to {VineJson.Name(type)}.");
        }

        var worker = await WorkerRegistry.GetAsync(unit, execution.WorkerId);
        if (type == WorkerCommandType.Stop && worker.Protocol < WorkerProtocol.Checkpoints)
        {
            throw new ProblemException(
                409, ErrorCodes.WorkersProtocol, $"Worker {worker.Name} speaks protocol {worker.Protocol}, which cannot stop one attempt. Interrupt it, cancel its task, or update the worker.");
        }

        await commands.AppendAsync(unit, execution.WorkerId, new WorkerCommand { N = 0, Type = type, ExecutionId = execution.Id });
    }
}

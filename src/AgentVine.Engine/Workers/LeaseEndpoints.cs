using AgentVine.Contracts;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Sessions;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Repositories;
using AgentVine.Engine.Sessions;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Tasks.Queue;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Workers;

/// <summary>The routes of work under a lease: claim, complete, fail, extend, the session's mapping.</summary>
internal static class LeaseEndpoints
{
    public static async Task<Results<Ok<ClaimResponse>, NoContent>> Claim(WorkerBody<ClaimRequest> body, ClaimDesk desk, CancellationToken cancellationToken)
    {
        var claim = body.Value;
        if (claim.Queues?.FirstOrDefault(queue => !QueueNames.WorkOrders.Contains(queue)) is { } unknown)
        {
            throw Faults.Of("queues", $"'{Faults.Printable(unknown)}' is none of: {string.Join(", ", QueueNames.WorkOrders)}");
        }

        var order = await desk.ClaimAsync(
            Organizations.Default, claim.WorkerId!.Value, claim.ClaimId!.Value, claim.Queues, TimeSpan.FromSeconds(claim.Wait), cancellationToken);
        if (order is not null)
        {
            FaultPoints.Reach("server.claim_committed");
        }

        return order is null ? TypedResults.NoContent() : TypedResults.Ok(new ClaimResponse(order));
    }

    public static async Task<Ok<EndResponse>> Complete(
        WorkerBody<CompleteRequest> body, IStore store, Attempts attempts, ClaimDesk desk, CancellationToken cancellationToken)
    {
        var request = body.Value;
        return await EndAsync(
            store,
            desk,
            request.WorkOrderId!.Value,
            request.ClaimNext,
            unit => attempts.CompleteAsync(unit, request.WorkOrderId.Value, request.LeaseToken!.Value, request.Result!, cancellationToken),
            cancellationToken);
    }

    public static async Task<Ok<EndResponse>> Fail(
        WorkerBody<FailRequest> body, IStore store, Attempts attempts, ClaimDesk desk, CancellationToken cancellationToken)
    {
        var request = body.Value;
        return await EndAsync(
            store,
            desk,
            request.WorkOrderId!.Value,
            request.ClaimNext,
            unit => attempts.FailAsync(unit, request.WorkOrderId.Value, request.LeaseToken!.Value, request.Error!, request.Result, cancellationToken),
            cancellationToken);
    }

    /// <summary>Ends an attempt whose agent was put away while it waits for people.</summary>
    public static async Task<Ok<EndResponse>> Park(
        WorkerBody<ParkRequest> body, IStore store, Attempts attempts, ClaimDesk desk, CancellationToken cancellationToken)
    {
        var request = body.Value;
        return await EndAsync(
            store,
            desk,
            request.WorkOrderId!.Value,
            request.ClaimNext,
            unit => attempts.ParkAsync(unit, request.WorkOrderId.Value, request.LeaseToken!.Value, request.Result, cancellationToken),
            cancellationToken);
    }

    public static async Task<NoContent> Extend(
        WorkerBody<ExtendRequest> body, IStore store, WorkersOptions options, CancellationToken cancellationToken)
    {
        var request = body.Value;
        await store.WriteAsync(
            Organizations.Default,
            async unit => await WorkQueue.RenewAsync(unit, request.WorkOrderId!.Value, request.LeaseToken!.Value, request.WorkerId!.Value, options.Lease)
                ? true
                : throw LeaseLost(request.WorkOrderId.Value),
            cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>The worker says which conversation works on the attempt, and from which branch it started.</summary>
    public static Task<CreatedReply<SessionView>> OpenSession(
        WorkerBody<OpenSessionRequest> body, HttpContext context, IdempotentWrite write, CancellationToken cancellationToken)
    {
        var request = body.Value;
        return write.CreateAsync(
            context,
            request,
            async unit =>
            {
                var execution = await UnderLeaseAsync(unit, request.ExecutionId!.Value, request.LeaseToken!.Value);
                var task = await TaskRecords.LockAsync(unit, execution.TaskId);
                var opened = new SessionRow
                {
                    Id = Guid.CreateVersion7(unit.Now.Time()),
                    SessionId = request.SessionId!,
                    TaskId = execution.TaskId,
                    ExecutionId = execution.Id,
                    WorkerId = execution.WorkerId,
                    Runtime = request.Runtime!,
                    Model = request.Model,
                    AskedModel = task.Model,
                    RepositoryId = task.RepositoryId,
                    TaskType = task.TaskType,
                    PermissionLevel = task.PermissionLevel,
                    CreatedAt = unit.Now,
                };
                var session = await SessionRecords.OpenAsync(unit, opened, execution.StartedAt);
                await CheckpointRecords.NoteAsync(unit, execution.Id, request.SessionId!);
                await unit.ExecuteAsync(ExecutionsSql.SetSession, new { execution.Id, request.SessionId });
                await TellTaskAsync(unit, execution, request);
                return new NewResource<SessionView>($"/api/v1/sessions/{session.Id}", session.ToView());
            },
            cancellationToken);
    }

    /// <summary>The worker says how a conversation stands.</summary>
    public static async Task<NoContent> BeatSession(Guid id, WorkerBody<SessionHeartbeat> body, IStore store, CancellationToken cancellationToken)
    {
        await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                await UnderLeaseAsync(unit, body.Value.ExecutionId!.Value, body.Value.LeaseToken!.Value);
                await SessionRecords.BeatAsync(unit, id, body.Value);
                return true;
            },
            cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>The execution, when <paramref name="leaseToken"/> is its lease's and stands.</summary>
    public static async Task<ExecutionRow> UnderLeaseAsync(IUnitOfWork unit, Guid executionId, long leaseToken)
    {
        var execution = await ExecutionRecords.GetAsync(unit, executionId);
        return execution.LeaseToken == leaseToken && await WorkQueue.LockLeasedAsync(unit, execution.WorkOrderId, leaseToken) is not null
            ? execution
            : throw LeaseLost(execution.WorkOrderId);
    }

    private static async Task<Ok<EndResponse>> EndAsync(
        IStore store, ClaimDesk desk, Guid workOrderId, ClaimNext? claimNext, Func<IUnitOfWork, Task<AttemptEnd>> end, CancellationToken cancellationToken)
    {
        FaultPoints.Reach("server.end_received");
        var (outcome, next) = await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                var ended = await end(unit);
                var execution = await ExecutionRecords.OfWorkOrderAsync(unit, workOrderId);
                var claimed = claimNext is null || execution is null || ended.TaskStatus is null
                    ? null
                    : await desk.ClaimInUnitAsync(unit, execution.WorkerId, claimNext.ClaimId!.Value, cancellationToken);
                return (ended, claimed);
            },
            cancellationToken);
        FaultPoints.Reach("server.end_committed");

        // Thrown after the commit: what a superseded attempt sent is on record by now.
        return TypedResults.Ok(new EndResponse(outcome.OrThrow(), next));
    }

    private static async Task TellTaskAsync(IUnitOfWork unit, ExecutionRow execution, OpenSessionRequest request)
    {
        var task = await TaskRecords.LockAsync(unit, execution.TaskId);
        if (task.ExecutionId != execution.Id)
        {
            return;
        }

        task.SessionId = request.SessionId;
        if (request.TargetBranch is not null && task.BranchName is null)
        {
            task.BranchName = request.TargetBranch;
            await RepositoryRecords.SetDefaultBranchAsync(unit, await RepositoryRecords.GetAsync(unit, task.RepositoryId), request.TargetBranch);
        }

        await TaskRecords.SaveAsync(unit, task);
    }

    private static ProblemException LeaseLost(Guid workOrderId) => new(
        409, Contracts.ErrorCodes.QueueLeaseLost, $"The lease of work order {workOrderId} is not yours, or no longer. Stop the attempt and push nothing.");
}

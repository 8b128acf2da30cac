using AgentVine.Contracts;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Events;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Sessions;
using AgentVine.Engine.Tasks.Queue;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Workers;

/// <summary>The registry's routes.</summary>
internal static class WorkerEndpoints
{
    private const int LongestWait = 60;

    public static Task<CreatedReply<RegisterWorkerResponse>> Register(
        WorkerBody<RegisterWorkerRequest> body, HttpContext context, IdempotentWrite write, WorkerRegistry registry, WorkersOptions options, CancellationToken cancellationToken)
    {
        Check(body.Value);
        return write.CreateAsync(
            context,
            body.Value,
            async unit =>
            {
                var worker = await registry.RegisterAsync(unit, body.Value, cancellationToken);
                var settings = new WorkerSettings(
                    (int)options.HeartbeatInterval.TotalSeconds, (int)options.Lease.TotalSeconds, (int)options.StallAfter.TotalSeconds);
                return new NewResource<RegisterWorkerResponse>($"/api/v1/workers/{worker.Id}", new RegisterWorkerResponse(worker.Id, worker.ToView(), settings));
            },
            cancellationToken);
    }

    public static async Task<ListReply<WorkerView>> List(IStore store, CancellationToken cancellationToken) =>
        await store.ReadAsync(
            Organizations.Default,
            async session => new ListReply<WorkerView>(
                [.. (await session.QueryAsync<WorkerRow>(WorkersSql.All)).Select(row => row.ToView())],
                await EventLog.LastSequenceAsync(session),
                nextAfter: null),
            cancellationToken);

    public static async Task<Ok<WorkerView>> Show(Guid id, IStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok((await store.ReadAsync(Organizations.Default, session => WorkerRegistry.GetAsync(session, id), cancellationToken)).ToView());

    public static async Task<Ok<HeartbeatResponse>> Beat(
        Guid id, WorkerBody<HeartbeatRequest> body, IStore store, WorkersOptions options, CancellationToken cancellationToken)
    {
        if (body.Value.Status == WorkerStatus.Offline)
        {
            throw Faults.Of("status", "offline is not for a worker to say; deregister with DELETE /api/v1/workers/{id}");
        }

        return TypedResults.Ok(await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                var worker = await WorkerRegistry.GetAsync(unit, id);

                // The orders before the worker, as an end that claims the next takes them.
                var leases = await RenewAsync(unit, id, body.Value.Leases!, options.Lease);
                await WorkerRegistry.BeatAsync(unit, worker, body.Value.Status!.Value, body.Value.StatusReason);
                return leases;
            },
            cancellationToken));
    }

    public static async Task<Ok<WorkerView>> Drain(Guid id, IStore store, CommandChannel commands, CancellationToken cancellationToken) =>
        TypedResults.Ok((await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                var worker = await WorkerRegistry.GetAsync(unit, id);
                if (worker.State != WorkerStatus.Draining)
                {
                    await WorkerRegistry.SetStatusAsync(unit, worker, WorkerStatus.Draining, "a person drains it");
                    await commands.AppendAsync(unit, id, new WorkerCommand { N = 0, Type = WorkerCommandType.Drain });
                }

                return await WorkerRegistry.GetAsync(unit, id);
            },
            cancellationToken)).ToView());

    public static async Task<NoContent> Deregister(
        Guid id, IStore store, WorkerRegistry registry, CancellationToken cancellationToken)
    {
        await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                await registry.DeregisterAsync(unit, id, cancellationToken);
                return true;
            },
            cancellationToken);
        return TypedResults.NoContent();
    }

    public static (long After, int Wait) ReadCommandsQuery(Query query) =>
        (query.Long("after", 0, long.MaxValue, 0), query.Int("wait", 0, LongestWait, 0));

    public static async Task<Ok<IReadOnlyList<WorkerCommand>>> ReadCommands(
        Guid id, HttpContext context, CommandChannel commands, CancellationToken cancellationToken)
    {
        var (after, wait) = Query.ReadFromWorker(context, ReadCommandsQuery);
        return TypedResults.Ok(await commands.ReadAsync(Organizations.Default, id, after, TimeSpan.FromSeconds(wait), cancellationToken));
    }

    private static async Task<HeartbeatResponse> RenewAsync(IUnitOfWork unit, Guid workerId, IReadOnlyList<LeaseBeat> leases, TimeSpan lease)
    {
        var renewed = new List<Guid>();
        var lost = new List<Guid>();
        foreach (var beat in leases)
        {
            var orderId = beat.WorkOrderId!.Value;
            var holds = await WorkQueue.RenewAsync(unit, orderId, beat.LeaseToken!.Value, workerId, lease);
            (holds ? renewed : lost).Add(orderId);
            if (holds && await ExecutionRecords.OfWorkOrderAsync(unit, orderId) is { } execution)
            {
                await ExecutionRecords.ConfirmAsync(unit, execution);
                await SessionRecords.TouchAsync(unit, execution.Id, beat.ProgressAt ?? DateTimeOffset.MinValue);
            }
        }

        return new HeartbeatResponse(renewed, lost);
    }

    private static void Check(RegisterWorkerRequest request)
    {
        if (request.Protocol is < WorkerProtocol.Oldest or > WorkerProtocol.Version)
        {
            throw new ProblemException(
                409,
                ErrorCodes.WorkersProtocol,
                $"The worker speaks protocol {request.Protocol}; this server speaks {WorkerProtocol.Oldest} to {WorkerProtocol.Version}. Run the same version of vine on both, or the one before on the worker.");
        }

        var faults = new Faults();
        foreach (var runtime in request.Runtimes!.Where(runtime => !RuntimeNames.All.Contains(runtime)))
        {
            faults.Add("runtimes", $"'{Faults.Printable(runtime)}' is none of: {string.Join(", ", RuntimeNames.All)}");
        }

        faults.ThrowIfAny();
    }
}

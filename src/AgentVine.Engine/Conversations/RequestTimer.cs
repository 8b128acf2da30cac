using AgentVine.Contracts.Events;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Workers;

namespace AgentVine.Engine.Conversations;

/// <summary>What happens to a request that waits: its attempt is asked to be parked, and later it is escalated; both are
/// stored, so a restart forgets neither. A question whose asker is not heard of any more is withdrawn.</summary>
internal sealed class RequestTimer(IStore store, RequestDesk desk, CommandChannel commands, RequestsOptions options, TimeProvider time, ILogger<RequestTimer> logger) : Loop(time, logger)
{
    private const int PerTurn = 100;
    private readonly TimeProvider _time = time;

    protected override TimeSpan Period { get; } = TimeSpan.FromSeconds(1);

    protected override async Task TurnAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow().Micros();
        var (late, waiting, abandoned) = await store.ReadAsync(
            Organizations.Default,
            async session => (
                await session.QueryAsync<RequestRow>(ConversationsSql.DueToEscalate, new { Now = now, Limit = PerTurn }),
                await session.QueryAsync<RequestRow>(ConversationsSql.DueToPark, new { Now = now, Limit = PerTurn }),
                await session.QueryAsync<RequestRow>(
                    ConversationsSql.Abandoned, new { Before = now - RequestDesk.LongestSilence.Micros(), Limit = PerTurn })),
            cancellationToken);
        foreach (var request in late)
        {
            await WriteAsync(unit => EscalateAsync(unit, request), cancellationToken);
        }

        foreach (var request in abandoned)
        {
            await WriteAsync(unit => desk.WithdrawAsync(unit, request.Id, cancellationToken), cancellationToken);
        }

        foreach (var request in waiting.DistinctBy(request => request.ExecutionId))
        {
            await WriteAsync(unit => AskToParkAsync(unit, request), cancellationToken);
        }
    }

    private static async Task EscalateAsync(IUnitOfWork unit, RequestRow request)
    {
        if (await unit.ExecuteAsync(ConversationsSql.Escalate, new { request.Id, unit.Now }) == 1)
        {
            unit.Append(new EventDraft(
                EventTypes.RequestEscalated,
                TaskId: request.TaskId,
                ExecutionId: request.ExecutionId,
                RequestId: request.Id,
                Data: new { asked_at = request.AskedAt.Time(), title = request.Title }));
        }
    }

    private async Task AskToParkAsync(IUnitOfWork unit, RequestRow request)
    {
        if (await WorkerRegistry.FindAsync(unit, request.WorkerId!.Value) is not { Protocol: >= WorkerProtocol.Checkpoints } worker)
        {
            await unit.ExecuteAsync(ConversationsSql.NeverPark, new { request.ExecutionId });
        }
        else if (await unit.ExecuteAsync(
            ConversationsSql.AskToPark, new { request.ExecutionId, unit.Now, Again = unit.Now + options.ParkAfter.Micros() }) > 0)
        {
            await commands.AppendAsync(unit, worker.Id, new WorkerCommand { N = 0, Type = WorkerCommandType.Park, ExecutionId = request.ExecutionId });
        }
    }

    private Task WriteAsync(Func<IUnitOfWork, Task> work, CancellationToken cancellationToken) => store.WriteAsync(
        Organizations.Default,
        async unit =>
        {
            await work(unit);
            return true;
        },
        cancellationToken);
}

using System.Collections.Concurrent;
using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Workers;

/// <summary>What a worker is told: a durable, numbered channel per worker, stored before it is read and kept until it is acknowledged.</summary>
internal sealed class CommandChannel(IStore store, TimeProvider time)
{
    private const int PerRead = 100;
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _waiters = new();

    /// <summary>Adds a command in the unit of the change that causes it.</summary>
    public async Task AppendAsync(IUnitOfWork unit, Guid workerId, WorkerCommand command)
    {
        await unit.ExecuteAsync(WorkersSql.NextCommand, new { Id = workerId });
        await unit.ExecuteAsync(WorkersSql.InsertCommand, new
        {
            WorkerId = workerId,
            N = await unit.FirstOrDefaultAsync<long>(WorkersSql.LastCommand, new { Id = workerId }),
            Type = VineJson.Name(command.Type),
            command.ExecutionId,
            command.RequestId,
            command.MessageId,
            Content = command.Answer is null ? command.Content : JsonColumn.Write(command.Answer),
            CreatedAt = unit.Now,
        });
        unit.OnCommitted(() => Wake(workerId));
    }

    /// <summary>Acknowledges everything up to <paramref name="after"/> and waits for what comes after it.</summary>
    public async Task<IReadOnlyList<WorkerCommand>> ReadAsync(
        Guid organizationId, Guid workerId, long after, TimeSpan wait, CancellationToken cancellationToken)
    {
        await AcknowledgeAsync(organizationId, workerId, after, cancellationToken);
        var deadline = time.GetTimestamp();
        while (true)
        {
            // Registered before looking, so that what comes in between wakes.
            var woken = _waiters.GetOrAdd(workerId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            var commands = await store.ReadAsync(
                organizationId,
                async session =>
                {
                    await WorkerRegistry.GetAsync(session, workerId);
                    return await session.QueryAsync<CommandRow>(
                        WorkersSql.CommandsAfter, new { WorkerId = workerId, After = after, Limit = PerRead });
                },
                cancellationToken);
            var left = wait - time.GetElapsedTime(deadline);
            if (commands.Count > 0 || left <= TimeSpan.Zero)
            {
                return [.. commands.Select(command => command.ToCommand())];
            }

            try
            {
                await woken.WaitAsync(left, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return [];
            }
        }
    }

    /// <summary>Lets a waiting read look again, as when its worker was deregistered.</summary>
    public void Wake(Guid workerId)
    {
        if (_waiters.TryRemove(workerId, out var waiter))
        {
            waiter.TrySetResult();
        }
    }

    private async Task AcknowledgeAsync(Guid organizationId, Guid workerId, long after, CancellationToken cancellationToken)
    {
        var any = await store.ReadAsync(
            organizationId,
            session => session.FirstOrDefaultAsync<long?>(WorkersSql.AnyAcknowledged, new { WorkerId = workerId, After = after }),
            cancellationToken);
        if (any is not null)
        {
            await store.WriteAsync(
                organizationId,
                unit => unit.ExecuteAsync(WorkersSql.DeleteAcknowledged, new { WorkerId = workerId, After = after }),
                cancellationToken);
        }
    }

    private sealed class CommandRow
    {
        public long N { get; init; }

        public string Type { get; init; } = "";

        public Guid? ExecutionId { get; init; }

        public Guid? RequestId { get; init; }

        public Guid? MessageId { get; init; }

        public string? Content { get; init; }

        public WorkerCommand ToCommand()
        {
            var type = VineJson.Parse<WorkerCommandType>(Type);
            return new WorkerCommand
            {
                N = N,
                Type = type,
                ExecutionId = ExecutionId,
                RequestId = RequestId,
                MessageId = MessageId,
                Answer = type == WorkerCommandType.Answer ? JsonColumn.Read<RequestAnswer>(Content) : null,
                Content = type == WorkerCommandType.Answer ? null : Content,
            };
        }
    }
}

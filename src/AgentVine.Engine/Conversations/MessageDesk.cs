using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Workers;

namespace AgentVine.Engine.Conversations;

/// <summary>The conversation of a task: a person's words reach the running agent as a user turn, or the next attempt's first turn.</summary>
internal sealed class MessageDesk(CommandChannel commands)
{
    private const int MostPerAttempt = 100;

    public async Task<MessageRow> PostAsync(IUnitOfWork unit, Guid taskId, string content, string actor, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var task = await TaskRecords.LockAsync(unit, taskId);
        if (task.State is AgentTaskStatus.Completed or AgentTaskStatus.Cancelled)
        {
            throw new ProblemException(409, ErrorCodes.TasksTransition, $"Task {taskId} is {task.Status}: no agent will read the message. File a new task.");
        }

        var running = task.State is AgentTaskStatus.InProgress or AgentTaskStatus.Waiting ? task.ExecutionId : null;
        var id = Guid.CreateVersion7(unit.Now.Time());
        if (running is { } executionId)
        {
            var execution = await ExecutionRecords.GetAsync(unit, executionId);
            await commands.AppendAsync(unit, execution.WorkerId, new WorkerCommand
            {
                N = 0,
                Type = WorkerCommandType.Message,
                ExecutionId = executionId,
                MessageId = id,
                Content = content,
            });
        }

        // The event counter's row last, as in every other unit.
        return await AddAsync(unit, id, taskId, running, MessageRow.Person, content, deliveredAt: null, actor);
    }

    /// <summary>Stores what an agent tells the people of its task. The same words twice in a row are one message: the call may be a repetition.</summary>
    public static async Task<MessageRow> PostFromAgentAsync(IUnitOfWork unit, ExecutionRow execution, string content)
    {
        await unit.ExecuteAsync(ConversationsSql.LockSequence);
        var newest = await unit.FirstOrDefaultAsync<MessageRow>(ConversationsSql.NewestOfTask, new { execution.TaskId });
        if (newest is { Author: MessageRow.Agent } && newest.Content == content)
        {
            return newest;
        }

        var written = await unit.FirstOrDefaultAsync<long>(ConversationsSql.WrittenBy, new { execution.TaskId, ExecutionId = execution.Id });
        if (written >= MostPerAttempt)
        {
            throw new ProblemException(
                409, ErrorCodes.MessagesTooMany, $"Nothing was sent: this attempt has written {MostPerAttempt} messages. Keep the rest for your last words.");
        }

        return await AddAsync(
            unit, Guid.CreateVersion7(unit.Now.Time()), execution.TaskId, execution.Id, MessageRow.Agent, content, unit.Now, actor: null);
    }

    public static async Task DeliveredAsync(IUnitOfWork unit, Guid id)
    {
        var message = await unit.FirstOrDefaultAsync<MessageRow>(ConversationsSql.FindMessage, new { Id = id })
            ?? throw new ProblemException(404, ErrorCodes.MessagesNotFound, $"There is no message {id}.");
        if (await unit.ExecuteAsync(ConversationsSql.DeliverMessage, new { Id = id, unit.Now }) == 1)
        {
            unit.Append(new EventDraft(EventTypes.MessageDelivered, TaskId: message.TaskId, ExecutionId: message.ExecutionId, Data: new { message_id = id }));
        }
    }

    private static async Task<MessageRow> AddAsync(
        IUnitOfWork unit, Guid id, Guid taskId, Guid? executionId, string author, string content, long? deliveredAt, string? actor)
    {
        await unit.ExecuteAsync(ConversationsSql.LockSequence);
        var message = new MessageRow
        {
            Id = id,
            Sequence = (await unit.FirstOrDefaultAsync<long?>(ConversationsSql.LastMessage) ?? 0) + 1,
            TaskId = taskId,
            ExecutionId = executionId,
            Author = author,
            Content = content,
            CreatedAt = unit.Now,
            DeliveredAt = deliveredAt,
        };
        await unit.ExecuteAsync(ConversationsSql.InsertMessage, message);
        unit.Append(new EventDraft(
            EventTypes.MessagePosted, TaskId: taskId, ExecutionId: executionId, Data: new { message_id = message.Id, author, actor }));
        return message;
    }
}

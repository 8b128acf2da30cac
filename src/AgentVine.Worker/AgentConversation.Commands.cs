using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using AgentVine.Worker.Outbox;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

/// <summary>This part hands to the agent what people answer, write and order, and parks it.</summary>
internal sealed partial class AgentConversation
{
    private volatile bool _parked;
    private TaskCompletionSource? _nobodyWaitedFor;

    // What is being handed over when the agent goes is brought to its end: what was delivered is told.
    private async Task HandCommandsAsync(CancellationToken ended, CancellationToken stop)
    {
        try
        {
            await foreach (var command in context.Attempt.Commands.ReadAllAsync(ended))
            {
                await HandAsync(command, ended, stop);
                if (_parked)
                {
                    // What comes now is for the next attempt: the server has it, and nobody said that it was delivered.
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            LogCommandsEnded(logger, Order.ExecutionId);
        }
    }

    private async Task HandAsync(WorkerCommand command, CancellationToken ended, CancellationToken stop)
    {
        try
        {
            switch (command.Type)
            {
                case WorkerCommandType.Answer:
                    await AnswerAsync(command, stop);
                    break;
                case WorkerCommandType.Message:
                    await SendAsync(command, stop);
                    break;
                case WorkerCommandType.Interrupt:
                    await run.InterruptAsync(stop);
                    break;
                case WorkerCommandType.Pause:
                    Begin(command.RequestId!.Value, isOwn: false);
                    break;
                case WorkerCommandType.Resume:
                    End(command.RequestId!.Value);
                    break;
                case WorkerCommandType.Park:
                    await ParkAsync(ended, stop);
                    break;
            }
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            // The agent may wait for just this: it must not wait for ever.
            LogNotHanded(logger, exception, Order.ExecutionId);
            _failure ??= new TaskError { Kind = FailureKind.Transient, Message = $"What people said could not be handed to the agent: {exception.Message}" };
            await KillAsync();
        }
    }

    private async Task AnswerAsync(WorkerCommand command, CancellationToken stop)
    {
        var requestId = command.RequestId!.Value;
        if (!WasAsked(requestId))
        {
            // Of another attempt, say: this agent did not ask, and another one's yes must not become its own.
            LogForeignAnswer(logger, requestId, Order.ExecutionId);
            return;
        }

        FaultPoints.Reach("worker.answer_received");
        var answer = command.Answer!;
        var delivered = requestId == _whatNow
            ? await run.SendMessageAsync(answer.Text ?? string.Join("\n", answer.Answers!.Values), stop)
            : await run.AnswerAsync(requestId, answer, stop);
        End(requestId);
        if (delivered)
        {
            await context.Output.TellAsync(OutboxKind.AnswerDelivered, new OutboxSubject(requestId));
        }
    }

    private async Task SendAsync(WorkerCommand command, CancellationToken stop)
    {
        // A claim that was repeated brings words in the first turn that were sent as a message meanwhile.
        if (Order.Feedback.Any(feedback => feedback.MessageId == command.MessageId)
            || !await run.SendMessageAsync(command.Content!, stop))
        {
            return;
        }

        await context.Output.AddAsync(OutputKind.User, command.Content, null, stop);
        await context.Output.TellAsync(OutboxKind.MessageDelivered, new OutboxSubject(command.MessageId!.Value));
        if (_whatNow is { } asked && IsOpen(asked))
        {
            await WithdrawAsync(asked, stop);
        }
    }

    private async Task ParkAsync(CancellationToken ended, CancellationToken stop)
    {
        if (!context.Attempt.WaitsForPeople)
        {
            return;
        }

        if (context.Checkpoints is not { } checkpoints)
        {
            await context.Output.NoteAsync("The agent goes on waiting in its place: its runtime keeps no conversation that could be gone on with, so the attempt cannot be parked.", stop);
            return;
        }

        if (await KeepWhileWaitingAsync(checkpoints, ended) is not { } isKept)
        {
            return;
        }

        if (!isKept)
        {
            await context.Output.NoteAsync("The agent goes on waiting in its place: no complete checkpoint with its conversation could be stored, so the attempt is not parked.", stop);
            return;
        }

        // Meanwhile somebody answered, or the agent gave up waiting: then it goes on, alive.
        if (context.Attempt.WaitsForPeople && !context.Attempt.Commands.TryPeek(out _))
        {
            await context.Output.NoteAsync("The attempt is parked while its agent waits for people; an answer brings it back.", stop);
            _parked = true;
            context.Stalls.End();
            await KillAsync();
        }
    }

    /// <summary>
    /// Takes the checkpoint to park with, and gives it up as soon as a command comes or nobody is waited for any more: null then. Who
    /// answers does not wait for it.
    /// </summary>
    private async Task<bool?> KeepWhileWaitingAsync(ICheckpoints checkpoints, CancellationToken ended)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(ended);
        var keeping = checkpoints.KeepAsync(CheckpointTrigger.Parked, given.Token);
        var coming = context.Attempt.Commands.WaitToReadAsync(given.Token).AsTask();
        if (await Task.WhenAny(keeping, coming, WhenNobodyIsWaitedFor()) == keeping && !keeping.IsCanceled)
        {
            return await keeping;
        }

        await given.CancelAsync();
        await ((Task)keeping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        LogParkingGivenUp(logger, Order.ExecutionId);
        return null;
    }

    private Task WhenNobodyIsWaitedFor()
    {
        lock (_gate)
        {
            if (_open.Count == 0)
            {
                return Task.CompletedTask;
            }

            _nobodyWaitedFor = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _nobodyWaitedFor.Task;
        }
    }

    private bool WasAsked(Guid requestId)
    {
        lock (_gate)
        {
            return _asked.Contains(requestId);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Execution {ExecutionId} takes no more commands.")]
    private static partial void LogCommandsEnded(ILogger logger, Guid executionId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Execution {ExecutionId} is not parked: meanwhile something came for its agent, or it waits for nobody any more.")]
    private static partial void LogParkingGivenUp(ILogger logger, Guid executionId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An answer to request {RequestId} came to execution {ExecutionId}, which did not ask it; it is not handed over.")]
    private static partial void LogForeignAnswer(ILogger logger, Guid requestId, Guid executionId);

    [LoggerMessage(Level = LogLevel.Error, Message = "A command could not be handed to the agent of execution {ExecutionId}.")]
    private static partial void LogNotHanded(ILogger logger, Exception exception, Guid executionId);
}

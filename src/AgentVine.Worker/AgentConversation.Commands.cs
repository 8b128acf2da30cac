using AgentVine.Client;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

/// <summary>This part hands to the agent what people answer, write and order.</summary>
internal sealed partial class AgentConversation
{
    private async Task HandCommandsAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var command in attempt.Commands.ReadAllAsync(stop))
            {
                await HandAsync(command, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogCommandsEnded(logger, Order.ExecutionId);
        }
    }

    private async Task HandAsync(WorkerCommand command, CancellationToken stop)
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
                    Begin(command.RequestId!.Value);
                    break;
                case WorkerCommandType.Resume:
                    End(command.RequestId!.Value);
                    break;
            }
        }
        catch (VineApiException refusal)
        {
            LogRefused(logger, Order.ExecutionId, refusal.Problem.Code, refusal.Problem.Detail);
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
        FaultPoints.Reach("worker.answer_received");
        var requestId = command.RequestId!.Value;
        var answer = command.Answer!;
        bool delivered;
        if (requestId == _whatNow)
        {
            delivered = await run.SendMessageAsync(answer.Text ?? string.Join("\n", answer.Answers!.Values), stop);
        }
        else
        {
            delivered = await run.AnswerAsync(requestId, answer, stop);
        }

        End(requestId);
        if (delivered)
        {
            await server.CallAsync((client, token) => client.MarkAnswerDeliveredAsync(requestId, token), stop);
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

        await output.AddAsync(OutputKind.User, command.Content, null, stop);
        await server.CallAsync((client, token) => client.MarkMessageDeliveredAsync(command.MessageId!.Value, token), stop);
        if (_whatNow is { } asked && IsOpen(asked))
        {
            await WithdrawAsync(asked, stop);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A command could not be handed to the agent of execution {ExecutionId}.")]
    private static partial void LogNotHanded(ILogger logger, Exception exception, Guid executionId);
}

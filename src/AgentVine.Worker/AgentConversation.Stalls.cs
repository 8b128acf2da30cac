using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Worker.Outbox;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

/// <summary>This part acts, step by step, on an agent that is alive and does not get on.</summary>
internal sealed partial class AgentConversation
{
    private const string Nudge =
        "You have said and done nothing for a while. If you wait for something, stop waiting for it and go on with the task another way; if you are done, say so.";

    private const string GoOn = "Your turn was interrupted because nothing came from you for a long time. Go on with the task; what hung, do another way.";

    // A program that stands still reads nothing: the next step is due all the same.
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(10);
    private volatile bool _interruptsStall;

    private async Task ActOnStallsAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var moment in context.Stalls.Moments.ReadAllAsync(stop))
            {
                await ActAsync(moment, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogWatchEnded(logger, Order.ExecutionId);
        }
    }

    private async Task ActAsync(StallMoment moment, CancellationToken stop)
    {
        try
        {
            switch (moment.Step)
            {
                case StallStep.Stalled:
                    await ReportAsync(moment, stop);
                    await NudgeAsync(moment, stop);
                    break;
                case StallStep.Interrupted when context.Capabilities.Interrupt:
                    await ReportAsync(moment, stop);
                    _interruptsStall = true;
                    await run.InterruptAsync(stop).WaitAsync(LongestStep, context.Stalls.Time, stop);
                    break;
                case StallStep.Killed:
                    await ReportAsync(moment, stop);
                    _failure = new TaskError { Kind = FailureKind.Transient, Cause = FailureCause.Stalled, Message = $"stalled: the agent was alive, and nothing came from it since {moment.Since:u}" };
                    await KillAsync();
                    break;
                case StallStep.Recovered:
                    _interruptsStall = false;
                    await ReportAsync(moment, stop);
                    break;
            }
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            // The next step is due in any case.
            LogNotActed(logger, exception, moment.Step, Order.ExecutionId);
        }
    }

    private async Task NudgeAsync(StallMoment moment, CancellationToken stop)
    {
        if (context.Capabilities.Messages && await run.SendMessageAsync(Nudge, stop).WaitAsync(LongestStep, context.Stalls.Time, stop))
        {
            await context.Output.AddAsync(OutputKind.User, Nudge, null, stop);
            await ReportAsync(moment with { Step = StallStep.Nudged }, stop);
        }
    }

    // The fleet itself ended the turn: no person has to be asked what the agent shall do.
    private async Task SendOnAsync(CancellationToken stop)
    {
        _interruptsStall = false;
        if (await run.SendMessageAsync(GoOn, stop))
        {
            await context.Output.AddAsync(OutputKind.User, GoOn, null, stop);
        }
    }

    private async Task ReportAsync(StallMoment moment, CancellationToken stop)
    {
        var request = new StallRequest { LeaseToken = Order.LeaseToken, Step = moment.Step, Since = moment.Since };
        await context.Output.TellAsync(OutboxKind.Stall, request);
        LogStall(logger, moment.Step, Order.ExecutionId, moment.Since);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Execution {ExecutionId} is watched no more.")]
    private static partial void LogWatchEnded(ILogger logger, Guid executionId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The agent of execution {ExecutionId}: {Step}; it last said or did something at {Since:u}.")]
    private static partial void LogStall(ILogger logger, StallStep step, Guid executionId, DateTimeOffset since);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The step {Step} did not succeed on the agent of execution {ExecutionId}.")]
    private static partial void LogNotActed(ILogger logger, Exception exception, StallStep step, Guid executionId);
}

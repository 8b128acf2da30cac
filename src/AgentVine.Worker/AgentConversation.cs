using AgentVine.Client;
using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes;
using AgentVine.Worker.Outbox;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

/// <summary>
/// One agent's run between its runtime and the server: what it says becomes output, what it asks becomes requests, and what people
/// answer and write goes to it. Ends when the agent has.
/// </summary>
internal sealed partial class AgentConversation(AttemptContext context, IAgentRun run, ILogger logger)
{
    private const int LongestSummary = 20_000;
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _open = [];
    private readonly HashSet<Guid> _asked = [];
    private TaskError? _failure;
    private string? _summary;
    private decimal _costUsd;
    private TokenCount _tokens = TokenCount.Zero;
    private bool _isDone;
    private bool _sessionUnknown;
    private Guid? _whatNow;

    private WorkOrderView Order => context.Order;

    /// <summary>Listens until the agent and all its processes are gone. <paramref name="stop"/> kills it.</summary>
    public async Task<AttemptOutcome> RunAsync(CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] besides = [HandCommandsAsync(ended.Token, stop), ActOnStallsAsync(stop), BeatSessionsAsync(ended.Token)];
        await using var killing = stop.Register(() => _ = KillAsync());
        await foreach (var signal in run.Signals.ReadAllAsync(CancellationToken.None))
        {
            if (IsProgress(signal))
            {
                context.Attempt.Lease.Progress();
                context.Stalls.Progress();
            }

            try
            {
                await HearAsync(signal, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The agent is being killed; its last words are still read, so that its end is seen.
            }
        }

        context.Stalls.End();
        await ended.CancelAsync();
        await Task.WhenAll(besides);
        if (_parked)
        {
            return new AttemptOutcome(null, _summary, _costUsd, _tokens) { Parked = true };
        }

        if (!_isDone)
        {
            // It went between its turns, as while people were asked what an interrupted agent shall do: that is no result.
            _failure ??= new TaskError { Kind = FailureKind.Transient, Cause = FailureCause.NoResult, Message = "The agent program ended before the agent had said that it is done." };
        }

        return new AttemptOutcome(_failure, _summary, _costUsd, _tokens) { SessionUnknown = _sessionUnknown };
    }

    // The program's own machinery, and the echo of what it was told, is life and no progress; nor is what an interrupt of the fleet's makes it say.
    private bool IsProgress(AgentSignal signal) => signal switch
    {
        AgentOutput { Kind: OutputKind.ToolResult } or AgentWrote when _interruptsStall => false,
        AgentOutput line => line.Kind is not (OutputKind.System or OutputKind.User or OutputKind.Result),
        AgentTurnEnded turn => !turn.Interrupted,
        AgentSessionStarted or AgentExited => false,
        _ => true,
    };

    private async Task HearAsync(AgentSignal signal, CancellationToken stop)
    {
        switch (signal)
        {
            case AgentOutput line:
                await context.Output.AddAsync(line.Kind, line.Text, line.Raw, stop);
                break;
            case AgentWrote:
                context.Checkpoints?.Note(CheckpointTrigger.Tool);
                break;
            case AgentSessionStarted session:
                await TellSessionAsync(session, stop);
                break;
            case AgentAsked asked:
                await AskAsync(asked, stop);
                break;
            case AgentWithdrew withdrew when !_parked:
                await WithdrawAsync(withdrew.RequestId, stop);
                break;
            case AgentTurnEnded turn:
                await EndTurnAsync(turn, stop);
                break;
            case AgentExited exited:
                _failure ??= exited.Failure;
                _sessionUnknown = exited.SessionUnknown;
                break;
        }
    }

    private async Task AskAsync(AgentAsked asked, CancellationToken stop)
    {
        Begin(asked.RequestId, isOwn: true);
        var request = new OpenRequestRequest
        {
            Id = asked.RequestId,
            ExecutionId = Order.ExecutionId,
            LeaseToken = Order.LeaseToken,
            Kind = asked.Kind,
            Title = Cut(asked.Title, 500),
            Body = asked.Body is null ? null : Cut(asked.Body, 100_000),
            Questions = asked.Questions,
            Tool = asked.Tool is null ? null : asked.Tool with { Summary = asked.Tool.Summary is null ? null : Cut(asked.Tool.Summary, 20_000) },
        };
        Follow(await context.Output.TellAsync(OutboxKind.Request, request), async outcome =>
        {
            if (outcome.Refusal is { Code: ErrorCodes.ValidationFailed or ErrorCodes.BodyTooLarge } refusal)
            {
                await RefuseAsync(asked, new VineApiException(refusal).Message, stop);
            }
            else if (outcome.Refusal is { } problem)
            {
                await HearRefusalAsync(problem);
            }
        });
    }

    // An input beyond all limits, say: the agent is told, and can go about it in another way.
    private async Task RefuseAsync(AgentAsked asked, string fault, CancellationToken stop)
    {
        End(asked.RequestId);
        var words = $"This cannot be put before a person: {Cut(fault, 2000)}";
        await context.Output.NoteAsync(words, stop);
        await run.AnswerAsync(
            asked.RequestId,
            asked.Kind switch
            {
                RequestKind.Permission => new RequestAnswer { Decision = AnswerDecision.Deny, Reason = words },
                RequestKind.Question => new RequestAnswer { Text = words },
                _ => new RequestAnswer { Decision = AnswerDecision.Reject, Comment = words },
            },
            stop);
    }

    private async Task WithdrawAsync(Guid requestId, CancellationToken stop)
    {
        End(requestId);
        await context.Output.TellAsync(OutboxKind.Withdrawal, new OutboxSubject(requestId));
    }

    private async Task EndTurnAsync(AgentTurnEnded turn, CancellationToken stop)
    {
        _costUsd += turn.CostUsd;
        _tokens += turn.Tokens;
        _contextTokens = turn.ContextTokens ?? _contextTokens;
        _contextWindow = turn.ContextWindow ?? _contextWindow;
        _summary = turn.Summary is null ? _summary : Cut(turn.Summary, LongestSummary);
        context.Attempt.Beat();
        if (_parked)
        {
            return;
        }

        if (turn.Interrupted && !stop.IsCancellationRequested)
        {
            context.Checkpoints?.Note(CheckpointTrigger.TurnEnd);
            await (_interruptsStall ? SendOnAsync(stop) : AskWhatNowAsync(stop));
            return;
        }

        _failure = turn.Failure;
        _isDone = true;
        context.Stalls.End();
        await run.CloseAsync(stop);
    }

    // A person stopped the turn: the agent is idle, and what it shall do is that person's to say.
    private Task AskWhatNowAsync(CancellationToken stop)
    {
        var id = Guid.CreateVersion7();
        _whatNow = id;
        return AskAsync(
            new AgentAsked(
                id,
                RequestKind.Question,
                "The agent was interrupted. What shall it do now?",
                Questions: [new RequestQuestion { Question = "What shall the agent do now?", Options = [new QuestionOption("Go on with the task")] }]),
            stop);
    }

    // Most of what is told needs no answer: the outbox sees to it, and what follows from an answer happens when it comes.
    private void Follow(OutboxReceipt receipt, Func<OutboxOutcome, Task> then) => _ = FollowAsync(receipt, then);

    private async Task FollowAsync(OutboxReceipt receipt, Func<OutboxOutcome, Task> then)
    {
        try
        {
            await then(await receipt.Outcome);
        }
        catch (OperationCanceledException)
        {
            LogUnanswered(logger, Order.ExecutionId);
        }
        catch (Exception exception)
        {
            LogNotHanded(logger, exception, Order.ExecutionId);
        }
    }

    private async Task HearRefusalAsync(Problem refusal)
    {
        if (refusal.Code == ErrorCodes.QueueLeaseLost)
        {
            context.Attempt.Lease.Lose();
        }
        else if (refusal.Code != ErrorCodes.ExecutionsEnded)
        {
            // Nobody could answer what was refused: the attempt must not wait for it for ever.
            _failure ??= new TaskError { Kind = FailureKind.Transient, Message = $"The server refused what the agent asked: {refusal.Detail}" };
            await KillAsync();
        }
    }

    private async Task KillAsync()
    {
        try
        {
            await run.KillAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogKillFailed(logger, exception, Order.ExecutionId);
        }
    }

    private void Begin(Guid requestId, bool isOwn)
    {
        lock (_gate)
        {
            if (_open.Add(requestId))
            {
                context.Clock.Pause();
                context.Stalls.Pause();
            }

            if (isOwn)
            {
                _asked.Add(requestId);
            }

            context.Attempt.WaitsForPeople = true;
        }
    }

    private void End(Guid requestId)
    {
        lock (_gate)
        {
            if (_open.Remove(requestId))
            {
                context.Clock.Resume();
                context.Stalls.Resume();
            }

            context.Attempt.WaitsForPeople = _open.Count > 0;
            if (_open.Count == 0)
            {
                _nobodyWaitedFor?.TrySetResult();
            }
        }
    }

    private bool IsOpen(Guid requestId)
    {
        lock (_gate)
        {
            return _open.Contains(requestId);
        }
    }

    private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..(longest - 1)] + "…";

    [LoggerMessage(Level = LogLevel.Debug, Message = "What execution {ExecutionId} told last was not answered before its end.")]
    private static partial void LogUnanswered(ILogger logger, Guid executionId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The agent of execution {ExecutionId} could not be killed.")]
    private static partial void LogKillFailed(ILogger logger, Exception exception, Guid executionId);
}

using AgentVine.Client;
using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

/// <summary>
/// One agent's run between its runtime and the server: what it says becomes output, what it asks becomes requests, and what people
/// answer and write goes to it. Ends when the agent has.
/// </summary>
internal sealed partial class AgentConversation(
    ServerLink server, RunningAttempt attempt, Workspace workspace, IAgentRun run, OutputWriter output, AgentClock clock, ILogger logger)
{
    private const int LongestSummary = 20_000;
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _open = [];
    private TaskError? _failure;
    private string? _summary;
    private decimal _costUsd;
    private TokenCount _tokens = TokenCount.Zero;
    private bool _toldFeedback;
    private bool _isDone;
    private Guid? _whatNow;

    private WorkOrderView Order => attempt.Lease.Order;

    /// <summary>Listens until the agent and all its processes are gone. <paramref name="stop"/> kills it.</summary>
    public async Task<AttemptOutcome> RunAsync(CancellationToken stop)
    {
        using var commandsEnd = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var commands = HandCommandsAsync(commandsEnd.Token);
        await using var killing = stop.Register(() => _ = KillAsync());
        await foreach (var signal in run.Signals.ReadAllAsync(CancellationToken.None))
        {
            attempt.Lease.Progress();
            try
            {
                await HearAsync(signal, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The agent is being killed; its last words are still read, so that its end is seen.
            }
            catch (VineApiException refusal)
            {
                await HearRefusalAsync(refusal);
            }
        }

        await commandsEnd.CancelAsync();
        await commands;
        if (!_isDone)
        {
            // It went between its turns, as while people were asked what an interrupted agent shall do: that is no result.
            _failure ??= new TaskError { Kind = FailureKind.Transient, Message = "The agent program ended before the agent had said that it is done." };
        }

        return new AttemptOutcome(_failure, _summary, _costUsd, _tokens);
    }

    private async Task HearAsync(AgentSignal signal, CancellationToken stop)
    {
        switch (signal)
        {
            case AgentOutput line:
                await output.AddAsync(line.Kind, line.Text, line.Raw, stop);
                break;
            case AgentSessionStarted session:
                await TellSessionAsync(session, stop);
                break;
            case AgentAsked asked:
                await AskAsync(asked, stop);
                break;
            case AgentWithdrew withdrew:
                await WithdrawAsync(withdrew.RequestId, stop);
                break;
            case AgentTurnEnded turn:
                await EndTurnAsync(turn, stop);
                break;
            case AgentExited exited:
                _failure ??= exited.Failure;
                break;
        }
    }

    private async Task TellSessionAsync(AgentSessionStarted session, CancellationToken stop)
    {
        attempt.Lease.Progress(session.SessionId);
        var request = new OpenSessionRequest
        {
            ExecutionId = Order.ExecutionId,
            LeaseToken = Order.LeaseToken,
            SessionId = session.SessionId,
            Runtime = Order.Task.Runtime,
            Model = session.Model,
            TargetBranch = workspace.TargetBranch,
        };
        await server.CallAsync((client, token) => client.OpenSessionAsync(request, null, token), stop);
        if (_toldFeedback)
        {
            return;
        }

        _toldFeedback = true;
        foreach (var messageId in Order.Feedback.Select(feedback => feedback.MessageId).OfType<Guid>())
        {
            await server.CallAsync((client, token) => client.MarkMessageDeliveredAsync(messageId, token), stop);
        }
    }

    private async Task AskAsync(AgentAsked asked, CancellationToken stop)
    {
        Begin(asked.RequestId);
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
        try
        {
            await server.CallAsync((client, token) => client.OpenRequestAsync(request, null, token), stop);
        }
        catch (VineApiException refusal) when (refusal.Problem.Code is ErrorCodes.ValidationFailed or ErrorCodes.BodyTooLarge)
        {
            await RefuseAsync(asked, refusal.Message, stop);
        }
    }

    // An input beyond all limits, say: the agent is told, and can go about it in another way.
    private async Task RefuseAsync(AgentAsked asked, string fault, CancellationToken stop)
    {
        End(asked.RequestId);
        var words = $"This cannot be put before a person: {Cut(fault, 2000)}";
        await output.NoteAsync(words, stop);
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
        await server.CallAsync((client, token) => client.WithdrawRequestAsync(requestId, token), stop);
    }

    private async Task EndTurnAsync(AgentTurnEnded turn, CancellationToken stop)
    {
        _costUsd += turn.CostUsd;
        _tokens += turn.Tokens;
        _summary = turn.Summary is null ? _summary : Cut(turn.Summary, LongestSummary);
        if (turn.Interrupted && !stop.IsCancellationRequested)
        {
            await AskWhatNowAsync(stop);
            return;
        }

        _failure = turn.Failure;
        _isDone = true;
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

    private async Task HearRefusalAsync(VineApiException refusal)
    {
        LogRefused(logger, Order.ExecutionId, refusal.Problem.Code, refusal.Problem.Detail);
        if (refusal.Problem.Code == ErrorCodes.QueueLeaseLost)
        {
            attempt.Lease.Lose();
        }
        else if (refusal.Problem.Code != ErrorCodes.ExecutionsEnded)
        {
            // Nobody could answer what was refused: the attempt must not wait for it for ever.
            _failure ??= new TaskError { Kind = FailureKind.Transient, Message = $"The server refused what the agent asked: {refusal.Problem.Detail}" };
            await run.KillAsync(CancellationToken.None);
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

    private void Begin(Guid requestId)
    {
        lock (_gate)
        {
            if (_open.Add(requestId))
            {
                clock.Pause();
            }

            attempt.WaitsForPeople = true;
        }
    }

    private void End(Guid requestId)
    {
        lock (_gate)
        {
            if (_open.Remove(requestId))
            {
                clock.Resume();
            }

            attempt.WaitsForPeople = _open.Count > 0;
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

    [LoggerMessage(Level = LogLevel.Debug, Message = "Execution {ExecutionId} takes no more commands.")]
    private static partial void LogCommandsEnded(ILogger logger, Guid executionId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server refused a call of execution {ExecutionId}: {Code}, {Detail}")]
    private static partial void LogRefused(ILogger logger, Guid executionId, string? code, string? detail);

    [LoggerMessage(Level = LogLevel.Error, Message = "The agent of execution {ExecutionId} could not be killed.")]
    private static partial void LogKillFailed(ILogger logger, Exception exception, Guid executionId);
}

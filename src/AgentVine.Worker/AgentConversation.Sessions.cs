using AgentVine.Client;
using AgentVine.Contracts;
using AgentVine.Contracts.Sessions;
using AgentVine.Runtimes;
using AgentVine.Worker.Outbox;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

/// <summary>This part tells the server which conversation works on the attempt, and how that stands.</summary>
internal sealed partial class AgentConversation
{
    private volatile AgentSessionStarted? _session;
    private SessionView? _sessionView;
    private long? _contextTokens;
    private long? _contextWindow;
    private bool _toldFeedback;

    private async Task TellSessionAsync(AgentSessionStarted session, CancellationToken stop)
    {
        context.Attempt.Lease.Progress(session.SessionId);
        _session = session;
        await OpenSessionAsync(session, stop);
        if (_toldFeedback)
        {
            return;
        }

        // The first turn held them, and the session has begun with it.
        _toldFeedback = true;
        foreach (var feedback in Order.Feedback)
        {
            if (feedback.MessageId is { } messageId)
            {
                await context.Output.TellAsync(OutboxKind.MessageDelivered, new OutboxSubject(messageId));
            }

            if (feedback.RequestId is { } requestId)
            {
                await context.Output.TellAsync(OutboxKind.AnswerDelivered, new OutboxSubject(requestId));
            }
        }
    }

    private async Task OpenSessionAsync(AgentSessionStarted session, CancellationToken stop)
    {
        var request = new OpenSessionRequest
        {
            ExecutionId = Order.ExecutionId,
            LeaseToken = Order.LeaseToken,
            SessionId = session.SessionId,
            Runtime = Order.Task.Runtime,
            Model = session.Model,
            TargetBranch = context.TargetBranch,
        };
        Follow(await context.Output.TellAsync(OutboxKind.Session, request), async outcome =>
        {
            if (outcome.Refusal is { } refusal)
            {
                await HearRefusalAsync(refusal);
            }
            else
            {
                Volatile.Write(ref _sessionView, outcome.Take<SessionView>());
            }
        });
    }

    private async Task BeatSessionsAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var _ in context.Attempt.Beats.ReadAllAsync(stop))
            {
                await BeatSessionAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogBeatsEnded(logger, Order.ExecutionId);
        }
    }

    private async Task BeatSessionAsync(CancellationToken stop)
    {
        if (_session is not { } session || Volatile.Read(ref _sessionView) is not { } opened)
        {
            return;
        }

        var beat = new SessionHeartbeat
        {
            ExecutionId = Order.ExecutionId,
            LeaseToken = Order.LeaseToken,
            SessionId = session.SessionId,
            ProgressAt = context.Attempt.Lease.Beat().ProgressAt,
            ContextTokens = _contextTokens,
            ContextWindow = _contextWindow,
            CostUsd = _costUsd,
        };
        try
        {
            await context.Server.Client.BeatSessionAsync(opened.Id, beat, stop);
        }
        catch (VineApiException refusal) when (refusal.Code == ErrorCodes.SessionsMapping)
        {
            await OpenSessionAsync(session, stop);
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            // The next beat tells it anew.
            LogBeatMissed(logger, Order.ExecutionId, fault.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The session of execution {ExecutionId} beats no more.")]
    private static partial void LogBeatsEnded(ILogger logger, Guid executionId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A beat of execution {ExecutionId}'s session did not arrive: {Reason}")]
    private static partial void LogBeatMissed(ILogger logger, Guid executionId, string reason);
}

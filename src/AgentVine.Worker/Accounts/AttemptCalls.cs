using AgentVine.Client;
using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes;
using AgentVine.Worker.Gateway;
using AgentVine.Worker.Outbox;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker.Accounts;

/// <summary>An attempt's model calls: who pays them, what they cost, what they may cost, and what stopped them.</summary>
internal sealed partial class AttemptCalls(
    Lease lease, AttemptOutbox outbox, OutputWriter output, ServerLink server, UsageLedger usage, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const int MostRows = 1000;
    private static readonly TimeSpan Rhythm = TimeSpan.FromMinutes(1);

    // What the server is told of an account is told before the attempt's end, unless the server is away.
    private static readonly TimeSpan LongestTelling = TimeSpan.FromSeconds(5);

    // Of these the gateway has seen more than the agent program says.
    private static readonly HashSet<FailureCause> OfCalls =
    [
        FailureCause.RateLimited, FailureCause.Overloaded, FailureCause.ServerError, FailureCause.Unreachable, FailureCause.MalformedAnswer, FailureCause.KeyRefused,
        FailureCause.NoCredit, FailureCause.PromptTooLong, FailureCause.RequestRefused, FailureCause.Other,
    ];

    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private Task _told = Task.CompletedTask;
    private Task _telling = Task.CompletedTask;
    private GatewayPass? _pass;

    /// <summary>The agent program that calls by the attempt's account; null where the account is the program's own affair.</summary>
    public IAgentRuntime? Runtime { get; init; }

    /// <summary>Whether this worker does not have the account that is to pay.</summary>
    public bool LacksAccount { get; init; }

    /// <summary>What its agent is given; null where it calls the provider itself.</summary>
    public ModelAccess? Access => _pass?.Access;

    private WorkOrderView Order => lease.Order;

    /// <summary>Lets the agent call by the gateway.</summary>
    public void Begin(ModelGateway gateway, string account)
    {
        _pass = gateway.Admit(new GatewayGuest
        {
            Account = account,
            Held = lease.MayCallAsync,
            Usage = usage,
            Allowance = Order.Budget is { } budget ? new Allowance(budget, AskAsync) : null,
            ClaimedAt = time.GetTimestamp(),
            Note = Note,
            TellAsync = trouble => TellAsync(account, trouble),
        });
        _telling = TellUsageAsync();
    }

    /// <summary>Ends the calls, tells what they came to, and completes how the attempt ended with what the gateway saw.</summary>
    public async Task<AttemptOutcome> EndAsync(AttemptOutcome outcome)
    {
        if (_pass is null)
        {
            return outcome;
        }

        await CloseAsync();
        TellUsage();
        var (calls, cost, tokens) = usage.Total;
        var metered = calls > 0 ? outcome with { CostUsd = cost, Tokens = tokens } : outcome;
        return metered.Error is { } error && _pass.TroubleOf(error.Cause) is { } trouble ? metered with { Error = Explained(error, trouble) } : metered;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _ended.Dispose();
    }

    private async Task CloseAsync()
    {
        if (_pass is null)
        {
            return;
        }

        await _pass.DisposeAsync();
        if (!_ended.IsCancellationRequested)
        {
            await ((Task)Told().WaitAsync(LongestTelling, time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _ended.CancelAsync();
        }

        await _telling;
    }

    // A call failed, and the agent's turn with it: the agent program tells less of that than was seen.
    private static TaskError Explained(TaskError error, CallTrouble trouble)
    {
        var isOfCalls = error.Kind is FailureKind.Transient or FailureKind.Permanent or FailureKind.RateLimit or FailureKind.Budget
            && (error.Cause is null || OfCalls.Contains(error.Cause.Value));
        if (!isOfCalls)
        {
            return error;
        }

        return trouble.Cause switch
        {
            FailureCause.BudgetSpent => new TaskError { Kind = FailureKind.Budget, Cause = trouble.Cause, Message = trouble.Message },
            FailureCause.RateLimited => error with { Kind = FailureKind.RateLimit, Cause = trouble.Cause, RetryAt = trouble.RetryAt ?? error.RetryAt },
            _ => error with { Cause = trouble.Cause },
        };
    }

    private async Task<BudgetResponse> AskAsync(decimal spent, decimal wanted, CancellationToken cancellationToken)
    {
        var request = new BudgetRequest { LeaseToken = Order.LeaseToken, SpentUsd = spent, WantedUsd = wanted };
        try
        {
            return await server.CallAsync((client, token) => client.AskBudgetAsync(Order.ExecutionId, request, token), cancellationToken);
        }
        catch (VineApiException refusal)
        {
            // The attempt is over, and this call with it.
            LogNotAsked(refusal, Order.ExecutionId);
            throw new OperationCanceledException("The server gives the attempt no leave to spend.", refusal);
        }
    }

    private Task<DateTimeOffset?> TellAsync(string account, CallTrouble trouble)
    {
        var telling = TellNowAsync(account, trouble);
        lock (_gate)
        {
            _told = Task.WhenAll(_told, telling);
        }

        return telling;
    }

    private async Task<DateTimeOffset?> TellNowAsync(string account, CallTrouble trouble)
    {
        var request = new AccountLimitRequest { WorkerId = Order.Task.WorkerId, Cause = trouble.Cause, Message = trouble.Message, RetryAt = trouble.RetryAt };
        try
        {
            var view = await server.CallAsync((client, token) => client.ReportAccountLimitAsync(account, request, token), _ended.Token);
            return view.ClosedUntil;
        }
        catch (Exception fault) when (fault is VineApiException or OperationCanceledException)
        {
            // The attempt's end tells it too.
            LogNotTold(fault, account);
            throw;
        }
    }

    private Task Told()
    {
        lock (_gate)
        {
            return _told;
        }
    }

    private void Note(string words)
    {
        var noting = NoteAsync(words);
        lock (_gate)
        {
            _told = Task.WhenAll(_told, noting);
        }
    }

    private async Task NoteAsync(string words)
    {
        try
        {
            await output.NoteAsync(words, _ended.Token);
        }
        catch (Exception fault) when (fault is OperationCanceledException or System.Threading.Channels.ChannelClosedException)
        {
            LogNotNoted(fault, Order.ExecutionId);
        }
    }

    private async Task TellUsageAsync()
    {
        using var rhythm = new PeriodicTimer(Rhythm, time);
        try
        {
            while (await rhythm.WaitForNextTickAsync(_ended.Token))
            {
                TellUsage();
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private void TellUsage()
    {
        foreach (var rows in usage.TakeChanged().Chunk(MostRows))
        {
            outbox.Add(OutboxKind.Usage, new UsageRequest { LeaseToken = Order.LeaseToken, Rows = rows });
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Execution {ExecutionId} got no leave to spend.")]
    private partial void LogNotAsked(Exception fault, Guid executionId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server did not hear what stands in the way of account {Account}.")]
    private partial void LogNotTold(Exception fault, string account);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Words of execution {ExecutionId} came after its output's end.")]
    private partial void LogNotNoted(Exception fault, Guid executionId);
}

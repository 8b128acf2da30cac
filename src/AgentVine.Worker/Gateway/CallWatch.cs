using AgentVine.Contracts.Tasks;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker.Gateway;

/// <summary>Follows one model call: what it costs, how it ends, and what is set aside for it till then.</summary>
internal sealed class CallWatch(GatewayPass pass, TimeProvider time, ILogger logger)
{
    private readonly long _sentAt = time.GetTimestamp();
    private AnswerMeter? _meter;

    /// <summary>How long the call's body is.</summary>
    public long RequestBytes { get; init; }

    /// <summary>What is set aside for it.</summary>
    public decimal Reserved { get; init; }

    /// <summary>The answer's head came.</summary>
    public void Begin(HttpResponseMessage answer)
    {
        _meter = new AnswerMeter(answer, logger);
        if (answer.Headers.TryGetValues("x-agentvine-simulation", out var names) && names.FirstOrDefault() is { } name && name.StartsWith("replay", StringComparison.Ordinal))
        {
            pass.NoteOnce($"SIMULATION: the model's answers are played from a record ({name}); no model is called.");
        }
    }

    /// <summary>A piece of it was passed on.</summary>
    public ValueTask AddAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) => _meter?.AddAsync(piece, cancellationToken) ?? ValueTask.CompletedTask;

    /// <summary>The provider gave no answer.</summary>
    public void Unreachable(string reason) => pass.Saw(new CallTrouble(FailureCause.Unreachable, 0, reason));

    /// <summary>The call is over, whichever way: it is booked. <paramref name="left"/>: the agent or its attempt went away.</summary>
    public async Task EndAsync(bool left)
    {
        var cost = 0m;
        try
        {
            if (_meter is not null)
            {
                var reading = await _meter.EndAsync();
                cost = Book(reading);
                Judge(_meter.Answer, reading, left);
            }
        }
        finally
        {
            pass.Guest.Allowance?.Settle(Reserved, cost);
        }
    }

    private decimal Book(AnswerReading reading)
    {
        if (reading.Usage is not { } usage)
        {
            return 0;
        }

        var (cost, unpriced) = pass.Guest.Usage.Add(usage, RequestBytes);
        if (unpriced is not null)
        {
            pass.NoteOnce($"The model '{unpriced}' has no price here: its calls count as the dearest known model's. Give it one under `prices` in the worker file.");
        }

        return cost;
    }

    private void Judge(HttpResponseMessage answer, AnswerReading reading, bool left)
    {
        var trouble = CallTrouble.Of(answer, reading, time.GetUtcNow());
        if (trouble is null)
        {
            pass.Saw(null);
            pass.Upstream.Gate.Answered(_sentAt);
        }
        else if (!left || trouble.IsOfTheAccount)
        {
            pass.Saw(trouble);
            Tell(trouble);
        }
    }

    private void Tell(CallTrouble trouble)
    {
        switch (trouble.Cause)
        {
            case FailureCause.RateLimited when pass.Upstream.Gate.Close(trouble, _sentAt) is { } closing:
                _ = TellAsync(trouble, until => pass.Upstream.Gate.Told(closing, until));
                break;
            case FailureCause.KeyRefused or FailureCause.NoCredit:
                _ = TellAsync(trouble, _ => { });
                break;
        }
    }

    // Beside the call: the agent does not wait for the server. Where that has not heard of it, the gate knows of nothing told.
    private async Task TellAsync(CallTrouble trouble, Action<DateTimeOffset?> then)
    {
        var telling = pass.Guest.TellAsync(trouble);
        await ((Task)telling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (telling.IsCompletedSuccessfully)
        {
            then(await telling);
        }
    }
}

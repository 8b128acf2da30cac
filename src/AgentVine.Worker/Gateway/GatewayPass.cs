using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes;

namespace AgentVine.Worker.Gateway;

/// <summary>One attempt's way through the gateway; disposing it ends the token and its calls, and waits until those are booked.</summary>
internal sealed class GatewayPass(ModelAccess access, GatewayGuest guest, ModelUpstream upstream, TimeProvider time, Action<GatewayPass> end) : IAsyncDisposable
{
    private static readonly TimeSpan LongestBooking = TimeSpan.FromSeconds(10);
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _booked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private CallTrouble? _trouble;
    private CallTrouble? _limited;
    private CallTrouble? _unpaid;
    private int _underWay;
    private bool _disposed;

    /// <summary>What the agent is given.</summary>
    public ModelAccess Access { get; } = access;

    public GatewayGuest Guest { get; } = guest;

    public ModelUpstream Upstream { get; } = upstream;

    /// <summary>What stopped the newest call that has ended; null where a model answered it.</summary>
    public CallTrouble? Trouble
    {
        get
        {
            lock (_gate)
            {
                return _trouble;
            }
        }
    }

    /// <summary>What stands behind the failure that the agent program tells: calls run beside each other, and the newest need not be the one it ended by.</summary>
    public CallTrouble? TroubleOf(FailureCause? told)
    {
        lock (_gate)
        {
            // A budget's refusal looks to the agent program like an account without credit.
            return told switch
            {
                FailureCause.NoCredit => _unpaid,
                FailureCause.RateLimited => _limited,
                _ => null,
            } ?? _trouble;
        }
    }

    /// <summary>Begins a call, which ends with the agent's connection and with the attempt; null when the attempt has ended.</summary>
    public CancellationTokenSource? Begin(CancellationToken call)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return null;
            }

            _underWay++;
            return CancellationTokenSource.CreateLinkedTokenSource(call, _ended.Token);
        }
    }

    /// <summary>A call is over and booked.</summary>
    public void End()
    {
        lock (_gate)
        {
            _underWay--;
            TellIfBooked();
        }
    }

    /// <summary>How a call ended.</summary>
    public void Saw(CallTrouble? trouble)
    {
        lock (_gate)
        {
            _trouble = trouble;
            _limited = trouble?.Cause == FailureCause.RateLimited ? trouble : _limited;
            _unpaid = trouble?.Cause is FailureCause.NoCredit or FailureCause.BudgetSpent ? trouble : _unpaid;
        }
    }

    /// <summary>Puts words into the attempt's output, unless they stand there.</summary>
    public void NoteOnce(string words)
    {
        lock (_gate)
        {
            if (!_said.Add(words))
            {
                return;
            }
        }

        Guest.Note(words);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            TellIfBooked();
        }

        end(this);
        await _ended.CancelAsync();
        await ((Task)_booked.Task.WaitAsync(LongestBooking, time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Guest.Allowance?.Dispose();
        _ended.Dispose();
    }

    private void TellIfBooked()
    {
        if (_disposed && _underWay == 0)
        {
            _booked.TrySetResult();
        }
    }
}

namespace AgentVine.Worker.Gateway;

/// <summary>
/// Whether calls of an account go to its provider. After a limit they do not: they wait for a near end, and are answered here until a far one.
/// An order that the server gave for the account after it had heard of the limit opens it. Safe to use from any thread.
/// </summary>
internal sealed class AccountGate(TimeProvider time)
{
    /// <summary>For so long a call is rather held than refused.</summary>
    public static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(30);

    // Until the server has said how long, where the provider has not.
    private static readonly TimeSpan Guess = TimeSpan.FromMinutes(1);

    // Ends that are so near each other are one limit's.
    private static readonly TimeSpan Same = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private Closing? _closing;

    /// <summary>Returns once a call may go to the provider, or at once with why it may not.</summary>
    /// <param name="claimedAt">The timestamp of when the attempt's order came.</param>
    /// <param name="cancellationToken">The call is over.</param>
    public async Task<Closing?> PassAsync(long claimedAt, CancellationToken cancellationToken)
    {
        while (true)
        {
            Closing? closing;
            lock (_gate)
            {
                closing = _closing;
            }

            if (closing is null || closing.Until <= time.GetUtcNow() || (closing.ToldAt is { } told && claimedAt > told))
            {
                return null;
            }

            if (!closing.IsShort)
            {
                return closing;
            }

            var left = closing.Until - time.GetUtcNow();
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
        }
    }

    /// <summary>The provider refused a call for now. Returns the closing where the server is to hear of it.</summary>
    /// <param name="trouble">What it said.</param>
    /// <param name="sentAt">The timestamp of when the call was sent.</param>
    public Closing? Close(CallTrouble trouble, long sentAt)
    {
        var now = time.GetUtcNow();
        var closing = new Closing(trouble, trouble.RetryAt ?? now + Guess, time.GetTimestamp(), IsShort: trouble.RetryAt - now <= ShortWait);
        lock (_gate)
        {
            // Calls that were under way when the account was closed say the same once more.
            var isNews = _closing is not { } old
                || old.Until <= now
                || sentAt > old.SeenAt
                || (trouble.RetryAt is { } moment && moment > old.Until + Same);
            _closing = isNews ? closing : _closing;
            return isNews && !closing.IsShort ? closing : null;
        }
    }

    /// <summary>The server has heard of it; where the provider has told no time, this is the server's.</summary>
    public void Told(Closing closing, DateTimeOffset? until)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_closing, closing))
            {
                _closing = closing with { ToldAt = time.GetTimestamp(), Until = closing.Trouble.RetryAt is null && until is { } moment ? moment : closing.Until };
            }
        }
    }

    /// <summary>A model answered a call that was sent at the timestamp <paramref name="sentAt"/>.</summary>
    public void Answered(long sentAt)
    {
        lock (_gate)
        {
            if (_closing is { } closing && sentAt > closing.SeenAt)
            {
                _closing = null;
            }
        }
    }

    /// <summary>Why and until when calls do not go to the provider.</summary>
    internal sealed record Closing(CallTrouble Trouble, DateTimeOffset Until, long SeenAt, bool IsShort)
    {
        /// <summary>The timestamp of when the server had heard of it.</summary>
        public long? ToldAt { get; init; }
    }
}

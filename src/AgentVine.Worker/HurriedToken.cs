namespace AgentVine.Worker;

/// <summary>A token that is cancelled some time after another one: what is under way may end, but not take for ever.</summary>
internal sealed class HurriedToken : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly Lock _gate = new();
    private readonly CancellationTokenRegistration _registration;
    private ITimer? _timer;
    private bool _disposed;

    public HurriedToken(TimeSpan grace, TimeProvider time, CancellationToken hurry) =>
        _registration = hurry.Register(() => _timer = time.CreateTimer(_ => Hurry(), null, grace, Timeout.InfiniteTimeSpan));

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _registration.Dispose();
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
            _source.Dispose();
        }
    }

    // A timer's last call may come while or after it is disposed, and what it throws ends the process.
    private void Hurry()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _source.Cancel();
            }
        }
    }
}

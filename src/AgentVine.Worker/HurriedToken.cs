namespace AgentVine.Worker;

/// <summary>A token that is cancelled some time after another one: what is under way may end, but not take for ever.</summary>
internal sealed class HurriedToken : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _registration;
    private ITimer? _timer;

    public HurriedToken(TimeSpan grace, TimeProvider time, CancellationToken hurry) =>
        _registration = hurry.Register(() => _timer = time.CreateTimer(_ => _source.Cancel(), null, grace, Timeout.InfiniteTimeSpan));

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _timer?.Dispose();
        _source.Dispose();
    }
}

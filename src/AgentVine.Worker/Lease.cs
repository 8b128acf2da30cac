using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Workers;

namespace AgentVine.Worker;

/// <summary>A leased work order on the worker's side. <see cref="Lost"/> is cancelled when the server says that it is another's.</summary>
internal sealed class Lease(WorkOrderView order, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _lost = new();
    private readonly Lock _gate = new();
    private string? _sessionId;
    private DateTimeOffset _progressAt = time.GetUtcNow();
    private bool _disposed;

    public WorkOrderView Order { get; } = order;

    public CancellationToken Lost => _lost.Token;

    public void Progress(string? sessionId = null)
    {
        lock (_gate)
        {
            _sessionId = sessionId ?? _sessionId;
            _progressAt = time.GetUtcNow();
        }
    }

    public void Lose()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _lost.Cancel();
            }
        }
    }

    public LeaseBeat Beat()
    {
        lock (_gate)
        {
            return new LeaseBeat
            {
                WorkOrderId = Order.Id,
                LeaseToken = Order.LeaseToken,
                SessionId = _sessionId,
                AliveAt = time.GetUtcNow(),
                ProgressAt = _progressAt,
            };
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _lost.Dispose();
        }
    }
}

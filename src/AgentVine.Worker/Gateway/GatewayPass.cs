using AgentVine.Runtimes;

namespace AgentVine.Worker.Gateway;

/// <summary>One attempt's way through the gateway; disposing it ends its calls and the token.</summary>
internal sealed class GatewayPass(ModelAccess access, Func<CancellationToken, Task> held, Action<GatewayPass> end) : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private bool _disposed;

    /// <summary>What the agent is given.</summary>
    public ModelAccess Access { get; } = access;

    /// <summary>Returns once the attempt may call its model; cancelled when it never will again.</summary>
    public Task WhenNotHeldAsync(CancellationToken cancellationToken) => held(cancellationToken);

    /// <summary>Ends with the call, and with the attempt.</summary>
    public CancellationTokenSource Cut(CancellationToken call)
    {
        try
        {
            return CancellationTokenSource.CreateLinkedTokenSource(call, _ended.Token);
        }
        catch (ObjectDisposedException)
        {
            var over = new CancellationTokenSource();
            over.Cancel();
            return over;
        }
    }

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            end(this);
            _ended.Cancel();
            _ended.Dispose();
        }
    }
}

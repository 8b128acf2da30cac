using System.Net;
using System.Net.Sockets;

namespace AgentVine.Engine.Tests.Storage;

/// <summary>Stands between a store and PostgreSQL's socket, and cuts the connection that carries the next COMMIT, once.</summary>
internal sealed class ConnectionCutter : IAsyncDisposable
{
    private readonly string _socket;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _accepting;
    private readonly List<Task> _connections = [];
    private Cut? _armed;
    private bool _refusesAfter;
    private volatile bool _refuses;

    public ConnectionCutter(string socket)
    {
        _socket = socket;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Cuts at the next COMMIT; <paramref name="refusesAfter"/> makes it the last that anybody hears of the server.</summary>
    public void Arm(Cut cut, bool refusesAfter = false)
    {
        _armed = cut;
        _refusesAfter = refusesAfter;
    }

    /// <summary>The cut to make at a COMMIT that comes by, or null.</summary>
    public Cut? TakeCut()
    {
        var cut = _armed;
        _armed = null;
        _refuses = cut is not null && _refusesAfter;
        return cut;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _accepting;
        await Task.WhenAll(_connections);
        _listener.Dispose();
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_ended.Token);
                if (_refuses)
                {
                    client.Dispose();
                }
                else
                {
                    var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    _connections.Add(new CutConnection(this, client, server).CarryAsync(_socket, _ended.Token));
                }
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The test is over.
        }
    }
}

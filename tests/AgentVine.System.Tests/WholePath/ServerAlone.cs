using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

/// <summary><c>vine serve</c> whose leases are short; each test brings its workers.</summary>
public sealed class ServerAlone : IAsyncLifetime
{
    private static readonly Dictionary<string, string> ShortLeases = new()
    {
        ["VINE_WORKERS__HEARTBEAT_INTERVAL"] = "2",
        ["VINE_WORKERS__LEASE"] = "10",
    };

    public VineFleet Vine { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Vine = await VineFleet.ServeAsync(ShortLeases);

    public ValueTask DisposeAsync() => Vine?.DisposeAsync() ?? ValueTask.CompletedTask;
}

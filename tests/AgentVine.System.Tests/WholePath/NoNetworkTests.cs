using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

[Collection(nameof(FleetOfThree))]
public sealed class NoNetworkTests
{
    private const string InLoopbackOnly = """
        ip link set lo up || exit 3
        test "$(tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' ')" = lo || exit 4
        exec "$@"
        """;

    /// <summary>This very test program once more, where there is no network but loopback.</summary>
    [Fact]
    public async Task Path_IsTheSame_WhereThereIsOnlyLoopback()
    {
        string[] privileges = Environment.IsPrivilegedProcess ? [] : ["--user", "--map-current-user", "--keep-caps"];
        var output = await PlainProgram.RunAsync(
            "unshare",
            [.. privileges, "--net", "--", "sh", "-c", InLoopbackOnly, "loopback", Environment.ProcessPath!, "-noColor", "-class", typeof(WholePathTests).FullName!]);
        Assert.Contains("Total: 2, Errors: 0, Failed: 0", output, StringComparison.Ordinal);
    }
}

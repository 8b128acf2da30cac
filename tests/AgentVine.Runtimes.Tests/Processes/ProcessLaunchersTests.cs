using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes.Processes;
using Xunit;

namespace AgentVine.Runtimes.Tests.Processes;

public sealed class ProcessLaunchersTests
{
    [Theory]
    [InlineData(SandboxKind.None, "none")]
    [InlineData(SandboxKind.Auto, "bubblewrap")]
    [InlineData(SandboxKind.Bubblewrap, "bubblewrap")]
    public async Task Create_PicksTheLauncherOfItsKind_WhereBubblewrapWorks(SandboxKind kind, string sandbox)
    {
        var choice = await ProcessLaunchers.CreateAsync(kind, new LauncherOptions(), CancellationToken.None);

        Assert.Equal(sandbox, choice.Launcher.Sandbox);
        Assert.Null(choice.NotSandboxedBecause);
    }

    [Fact]
    public async Task Create_FallsBackAndSaysWhy_WhenBubblewrapDoesNotWork()
    {
        var choice = await ProcessLaunchers.CreateAsync(SandboxKind.Auto, Broken(), CancellationToken.None);

        Assert.Equal("none", choice.Launcher.Sandbox);
        Assert.Contains("bubblewrap does not work here", choice.NotSandboxedBecause);
        Assert.Contains("Install bubblewrap", choice.NotSandboxedBecause);
    }

    [Fact]
    public async Task Create_IsRefused_WhenBubblewrapIsWantedAndDoesNotWork()
    {
        var exception = await Assert.ThrowsAsync<AgentLaunchException>(
            () => ProcessLaunchers.CreateAsync(SandboxKind.Bubblewrap, Broken(), CancellationToken.None));

        Assert.Equal(FailureKind.Permanent, exception.Kind);
        Assert.Contains("--sandbox none", exception.Message);
    }

    // What a sandbox is to show does not exist, which is found out only by making one.
    private static LauncherOptions Broken() => new() { ReadOnly = ["/no/such/tools"] };
}

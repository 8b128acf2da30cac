using System.Diagnostics;
using Xunit;

namespace AgentVine.Chaos.Tests;

/// <summary>The short part of the kill suite; <c>./chaos.sh</c> has the rest.</summary>
public sealed class KillTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(9);

    [Fact]
    public async Task Fleet_LosesDoublesAndHidesNothing_WhenItIsKilledAtEachPointOnce()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "AgentVine.Chaos"), ["--seed", "1", "--rounds", "1", "--real", "0", "--quick"])
        {
            RedirectStandardOutput = true,
        };
        using var suite = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            var told = await suite.StandardOutput.ReadToEndAsync(patience.Token);
            await suite.WaitForExitAsync(patience.Token);
            Assert.True(suite.ExitCode == 0, told);
        }
        finally
        {
            suite.Kill(entireProcessTree: true);
        }
    }
}

using System.Diagnostics;
using Xunit;

namespace AgentVine.Architecture.Tests;

/// <summary>The bugs that the kill suite must catch can still be put into the code.</summary>
public sealed class SeededBugTests
{
    public static TheoryData<string> Patches() =>
        [.. Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "tests", "AgentVine.Chaos", "bugs"), "*.patch").Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Patches))]
    public async Task Patch_Applies(string patch)
    {
        var path = Path.Combine(SourceTree.Root, "tests", "AgentVine.Chaos", "bugs", patch);
        var start = new ProcessStartInfo("git", ["apply", "--check", path]) { WorkingDirectory = SourceTree.Root, RedirectStandardError = true };
        using var git = Process.Start(start)!;
        var said = await git.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(git.ExitCode == 0, $"{patch} no longer applies; make it anew for the code as it is now:\n{said}");
        Assert.Contains("\nchaos: ", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}

using System.Diagnostics;
using AgentVine.Runtimes.Processes;
using AgentVine.Testing.Conformance;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Runtimes.Tests.Processes;

public sealed class LeftoverProcessesTests : IDisposable
{
    private readonly TestFolders _folders = new();
    private readonly List<Process> _started = [];

    private string Records => Path.Combine(_folders.Root, "processes");

    [Theory]
    [InlineData(SandboxKind.None)]
    [InlineData(SandboxKind.Bubblewrap)]
    public async Task Entry_StandsWhileTheProcessDoes(SandboxKind kind)
    {
        var options = new LauncherOptions { Leftovers = Leftovers() };
        var launcher = (await ProcessLaunchers.CreateAsync(kind, options, CancellationToken.None)).Launcher;
        Assert.Empty(Directory.EnumerateFiles(Records));

        await using (var process = await launcher.StartAsync(_folders.Spec("cat"), CancellationToken.None))
        {
            var entry = Assert.Single(Directory.EnumerateFiles(Records));
            Assert.Contains(_folders.ExecutionId.ToString(), await File.ReadAllTextAsync(entry));
        }

        Assert.Empty(Directory.EnumerateFiles(Records));
    }

    [Theory]
    [InlineData(SandboxKind.None)]
    [InlineData(SandboxKind.Bubblewrap)]
    public async Task Leftovers_AreKilled_WithAllTheyStarted(SandboxKind kind)
    {
        var options = new LauncherOptions { Leftovers = Leftovers() };
        var launcher = (await ProcessLaunchers.CreateAsync(kind, options, CancellationToken.None)).Launcher;
        var spec = _folders.Shell($"{AgentWords.DetachCommand} sleep 600");
        await using var process = await launcher.StartAsync(spec, CancellationToken.None);
        await ExecutionProcesses.UntilAsync(() => File.Exists(Path.Combine(_folders.Clone, "detached")), "No child was started.");

        Assert.Equal(1, await Leftovers().KillAsync(CancellationToken.None));

        Assert.Empty(ExecutionProcesses.Of(_folders.ExecutionId));
        Assert.Empty(Directory.EnumerateFiles(Records));
    }

    [Fact]
    public async Task Leftover_IsKilledByItsExecution_WhenItsPidWasNotStoredYet()
    {
        var process = Start(("VINE_EXECUTION", _folders.ExecutionId.ToString()));
        Leftovers().Intend(_folders.ExecutionId, "a");

        Assert.Equal(1, await Leftovers().KillAsync(CancellationToken.None));

        await process.WaitForExitAsync();
    }

    [Fact]
    public async Task Leftover_IsKilledByItsPid_WhenItHidesItsEnvironment()
    {
        var process = Start();
        Leftovers().Started(_folders.ExecutionId, "a", process.Id);

        Assert.Equal(1, await Leftovers().KillAsync(CancellationToken.None));

        await process.WaitForExitAsync();
    }

    [Theory]
    [InlineData("\"started_at\":", "\"started_at\":1")]
    [InlineData("\"boot\":\"", "\"boot\":\"other-")]
    public async Task Stranger_IsLeftAlone_WhenItHasThePidOfOneThatIsGone(string found, string changed)
    {
        var process = Start();
        Leftovers().Started(_folders.ExecutionId, "a", process.Id);
        var entry = Assert.Single(Directory.EnumerateFiles(Records));
        var text = await File.ReadAllTextAsync(entry);
        Assert.Contains(found, text);
        await File.WriteAllTextAsync(entry, text.Replace(found, changed, StringComparison.Ordinal));

        Assert.Equal(0, await Leftovers().KillAsync(CancellationToken.None));

        Assert.False(process.HasExited);
        Assert.Empty(Directory.EnumerateFiles(Records));
    }

    [Fact]
    public async Task Entry_ThatCannotBeRead_IsDropped()
    {
        var leftovers = Leftovers();
        await File.WriteAllTextAsync(Path.Combine(Records, "a.json"), "{ half an en");

        Assert.Equal(0, await leftovers.KillAsync(CancellationToken.None));

        Assert.Empty(Directory.EnumerateFiles(Records));
    }

    public void Dispose()
    {
        foreach (var process in _started)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _folders.Dispose();
    }

    private LeftoverProcesses Leftovers() => new(Records, TimeProvider.System, NullLogger.Instance);

    private Process Start(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("sleep", ["600"]);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        _started.Add(process);
        return process;
    }
}

using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes.Processes;
using AgentVine.Testing.Conformance;
using Xunit;

namespace AgentVine.Runtimes.Tests.Processes;

/// <summary>What every launcher owes; each binds by a subclass without a body.</summary>
public abstract class ProcessLauncherConformance(SandboxKind kind) : IDisposable
{
    private readonly TestFolders _folders = new();

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("kill -KILL $$", 137)]
    public async Task TheExitCodeIsTold(string line, int expected)
    {
        Assert.Equal(expected, (await RunAsync(_folders.Shell(line))).ExitCode);
    }

    [Fact]
    public async Task BytesPassAsTheyAre()
    {
        var sent = new byte[3_000_000];
        new Random(7).NextBytes(sent);
        await using var process = await StartAsync(_folders.Spec("cat"));
        var received = new MemoryStream();
        var reading = process.StandardOutput.CopyToAsync(received);

        await process.StandardInput.WriteAsync(sent);
        await process.StandardInput.DisposeAsync();
        await reading;

        Assert.Equal(0, await process.Exited);
        Assert.True(sent.AsSpan().SequenceEqual(received.ToArray()));
    }

    [Fact]
    public async Task ArgumentsPassAsTheyAre()
    {
        string[] odd = ["a b", "", "$HOME", "'\"", "new\nline", "--", "-x", "*"];

        var ran = await RunAsync(_folders.Spec("printf", ["[%s]", .. odd]));

        Assert.Equal(string.Concat(odd.Select(argument => $"[{argument}]")), ran.Output);
    }

    [Fact]
    public async Task TheEnvironmentIsWhatTheSpecNames()
    {
        var named = new Dictionary<string, string> { ["COLOUR"] = "blue", ["LD_BIND_NOW"] = "1" };
        var spec = _folders.Spec("env") with { Environment = named };

        var names = (await RunAsync(spec)).Lines.Select(line => line.Split('=')[0]).Where(name => name is not "PWD");

        Assert.Equal(["COLOUR", "HOME", "LANG", "LD_BIND_NOW", "PATH", "TMPDIR", "VINE_EXECUTION", "VINE_PROCESS"], names.Order());
    }

    [Fact]
    public async Task HomeAndTemporaryFolderAreWritable()
    {
        var ran = await RunAsync(_folders.Shell("echo x > $HOME/a && echo x > $TMPDIR/b && echo x > c && pwd && echo $HOME"));

        Assert.Equal([_folders.Clone, _folders.State], ran.Lines);
        Assert.True(File.Exists(Path.Combine(_folders.State, "a")));
        Assert.True(File.Exists(Path.Combine(_folders.Clone, "c")));
    }

    [Fact]
    public async Task NoDescriptorIsInheritedButTheThree()
    {
        using var control = new InheritableDescriptor();
        Assert.True(control.IsInherited(), "The positive control failed: a plain child does not see the descriptor.");

        var ran = await RunAsync(_folders.Shell("ls /proc/$$/fd"));

        Assert.Equal(["0", "1", "2"], ran.Lines);
    }

    [Fact]
    public async Task AProcessOutlivesTheThreadThatAskedForIt()
    {
        IAgentProcess? process = null;
        var spec = _folders.Spec("cat");
        var launcher = await Launchers.OfAsync(kind);
        var nativeThread = "";
        var thread = new Thread(() =>
        {
            nativeThread = "/proc/" + new FileInfo("/proc/thread-self").LinkTarget;
            process = launcher.StartAsync(spec, CancellationToken.None).GetAwaiter().GetResult();
        });
        thread.Start();
        thread.Join();
        await using var started = process!;
        using var output = new StreamReader(started.StandardOutput);
        await ExecutionProcesses.UntilAsync(() => !Directory.Exists(nativeThread), "The thread does not end.");

        await started.StandardInput.WriteAsync("alive\n"u8.ToArray());

        Assert.Equal("alive", await Ran.LineAsync(output));
    }

    [Fact]
    public async Task WhatTheMainProcessLeavesBehindIsKilled()
    {
        await using var process = await StartAsync(
            _folders.Shell($"{AgentWords.DetachCommand} while [ ! -e detached ]; do sleep 0.02; done; exit 5"));

        Assert.Equal(5, await process.Exited);

        Assert.True(File.Exists(Path.Combine(_folders.Clone, "detached")), "There was no child to leave behind.");
        Assert.Empty(ExecutionProcesses.Of(_folders.ExecutionId));
    }

    [Fact]
    public async Task ATerminationReachesTheProgram()
    {
        await using var process = await StartAsync(_folders.Shell("trap 'echo bye; exit 4' TERM; echo up; while :; do sleep 0.05; done"));
        using var output = new StreamReader(process.StandardOutput);
        Assert.Equal("up", await Ran.LineAsync(output));

        await process.KillAsync(TimeSpan.FromSeconds(60));

        Assert.Equal("bye", await Ran.LineAsync(output));
        Assert.Equal(4, await process.Exited);
    }

    [Fact]
    public async Task AProgramThatIgnoresTheTerminationIsKilled()
    {
        await using var process = await StartAsync(_folders.Shell("trap '' TERM; echo up; while :; do sleep 0.05; done"));
        using var output = new StreamReader(process.StandardOutput);
        Assert.Equal("up", await Ran.LineAsync(output));

        await process.KillAsync(TimeSpan.FromMilliseconds(200));

        Assert.Equal(137, await process.Exited);
        Assert.Empty(ExecutionProcesses.Of(_folders.ExecutionId));
    }

    [Fact]
    public async Task AnotherProcessOfTheExecutionIsLeftAlone()
    {
        await using var agent = await StartAsync(_folders.Shell($"{AgentWords.DetachCommand} echo up; cat; echo done"));
        using var output = new StreamReader(agent.StandardOutput);
        Assert.Equal("up", await Ran.LineAsync(output));

        Assert.Equal(0, (await RunAsync(_folders.Shell("echo written > beside"))).ExitCode);

        Assert.False(agent.Exited.IsCompleted, "The agent ended with its neighbour.");
        await agent.StandardInput.DisposeAsync();
        Assert.Equal("done", await Ran.LineAsync(output));
        Assert.Equal(0, await agent.Exited);
        Assert.Empty(ExecutionProcesses.Of(_folders.ExecutionId));
    }

    [Fact]
    public async Task AMissingProgramIsNamed()
    {
        var exception = await Assert.ThrowsAsync<AgentLaunchException>(() => StartAsync(_folders.Spec("no-such-agent")));

        Assert.Equal(FailureKind.Permanent, exception.Kind);
        Assert.Contains("no-such-agent", exception.Message);
        Assert.Contains("PATH", exception.Message);
    }

    [Fact]
    public async Task AMissingFolderIsNamed()
    {
        var spec = _folders.Spec("true") with { WorkingDirectory = Path.Combine(_folders.Root, "gone") };

        var exception = await Assert.ThrowsAsync<AgentLaunchException>(() => StartAsync(spec));

        Assert.Contains(spec.WorkingDirectory, exception.Message);
    }

    [Fact]
    public async Task NothingOutlivesTheWorker()
    {
        using var worker = WorkerProcess.Start(kind, _folders);
        var sign = Path.Combine(_folders.Clone, "detached");
        await ExecutionProcesses.UntilAsync(() => File.Exists(sign), "The worker's agent did not start its child.");
        Assert.True(ExecutionProcesses.Of(_folders.ExecutionId).Count >= 2);

        worker.Kill();

        await ExecutionProcesses.UntilAsync(() => ExecutionProcesses.Of(_folders.ExecutionId).Count == 0, "The agent outlived its worker.");
    }

    public void Dispose()
    {
        _folders.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<IAgentProcess> StartAsync(ProcessSpec spec) =>
        await (await Launchers.OfAsync(kind)).StartAsync(spec, CancellationToken.None);

    private async Task<Ran> RunAsync(ProcessSpec spec) => await Ran.ToEndAsync(await Launchers.OfAsync(kind), spec);
}

using System.Diagnostics;
using System.Runtime.Versioning;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes.Processes;
using AgentVine.Testing.Conformance;
using Xunit;

namespace AgentVine.Runtimes.Tests.Processes;

/// <summary>The users that sandboxes run as. Where the tests do not run as root there are none, and facts about them are skipped.</summary>
[SupportedOSPlatform("linux")]
public sealed class SandboxUserTests : IDisposable
{
    private readonly TestFolders _folders = new();

    [Fact]
    public async Task User_IsOneOfTheConfigured()
    {
        SkipUnlessRoot();

        Assert.InRange(uint.Parse((await RunAsync("id -u")).Output, null), 200_000u, 200_999u);
    }

    [Fact]
    public async Task Users_AreTwo_OfTwoAttemptsAtATime()
    {
        SkipUnlessRoot();
        using var others = new TestFolders();
        await using var first = await StartAsync(_folders.Shell("id -u; cat"));
        using var output = new StreamReader(first.StandardOutput);
        var user = await Ran.LineAsync(output);

        Assert.Equal(user, (await RunAsync("id -u")).Output.Trim());
        Assert.NotEqual(user, (await Ran.ToEndAsync(await Launchers.OfAsync(SandboxKind.Bubblewrap), others.Shell("id -u"))).Output.Trim());
    }

    [Fact]
    public async Task Folders_AreTheWorkersAgain_AfterTheLastProcess()
    {
        SkipUnlessRoot();
        var stranger = Path.Combine(_folders.Root, "stranger");
        await File.WriteAllTextAsync(stranger, "x");
        await HostAsync("chown", "4711", stranger);

        await RunAsync("mkdir -m 700 d && echo x > d/f && chmod 0 d/f && echo x > $HOME/h");
        await RunAsync($"cp /bin/true s && chmod 6755 s && ln -s {stranger} l && mkfifo p");

        Assert.Equal("", await HostAsync("find", _folders.Clone, _folders.State, "!", "-uid", "0"));
        Assert.Equal("", await HostAsync("find", _folders.Root, "-perm", "/6000"));
        Assert.Equal("4711", (await HostAsync("stat", "-c", "%u", stranger)).Trim());
    }

    [Fact]
    public async Task Folders_AreHandedOver_ToEachAttemptAnew()
    {
        SkipUnlessRoot();
        await RunAsync("umask 077 && mkdir d && echo x > d/f && ln d/f g");

        var ran = await RunAsync("echo more >> d/f && echo more >> g && cat g");

        Assert.Equal(0, ran.ExitCode);
        Assert.Equal(["x", "more", "more"], ran.Lines);
    }

    [Fact]
    public async Task FileWithAnotherName_StaysWhoseItIs()
    {
        SkipUnlessRoot();
        var shared = Path.Combine(_folders.Root, "object");
        await File.WriteAllTextAsync(shared, "shared");
        await HostAsync("ln", shared, Path.Combine(_folders.Clone, "object"));

        var ran = await RunAsync("cat object; echo x > object");

        Assert.Equal("shared", ran.Output);
        Assert.NotEqual(0, ran.ExitCode);
        Assert.Equal("shared", await File.ReadAllTextAsync(shared));
    }

    [Fact]
    public async Task Git_TrustsTheCloneInside_AndTheHostAfterwards()
    {
        await HostAsync("git", "init", "-q", _folders.Clone);

        const string Commit = "git -c user.name=a -c user.email=a@b commit -qm a";
        var ran = await RunAsync($"git status --short && echo x > a && git add a && {Commit} && git log --oneline");

        Assert.Equal("", ran.Error);
        Assert.Single(ran.Lines);
        Assert.Contains(" a", await HostAsync("git", "-C", _folders.Clone, "log", "--oneline"));
    }

    [Fact]
    public async Task ReadOnlyFolder_IsRefused_WhenItsUserMayNotReadIt()
    {
        SkipUnlessRoot();
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        var closed = Directory.CreateDirectory(Path.Combine(_folders.Root, "closed"), Owner).FullName;
        var spec = _folders.Spec("true") with { ReadOnly = [closed] };

        var exception = await Assert.ThrowsAsync<AgentLaunchException>(() => StartAsync(spec));

        Assert.Contains(closed, exception.Message);
        Assert.Contains("chmod", exception.Message);
        Assert.Equal("", await HostAsync("find", _folders.Clone, "!", "-uid", "0"));
    }

    [Fact]
    public async Task Start_IsRefused_WhenAllUsersAreInUse()
    {
        SkipUnlessRoot();
        using var others = new TestFolders();
        var options = new LauncherOptions { FirstUserId = 210_000, UserIds = 1 };
        var launcher = (await ProcessLaunchers.CreateAsync(SandboxKind.Bubblewrap, options, CancellationToken.None)).Launcher;
        await using (await launcher.StartAsync(_folders.Spec("cat"), CancellationToken.None))
        {
            var exception = await Assert.ThrowsAsync<AgentLaunchException>(
                () => launcher.StartAsync(others.Spec("true"), CancellationToken.None));
            Assert.Equal(FailureKind.Transient, exception.Kind);
            Assert.Contains("210000", exception.Message);
        }

        Assert.Equal(0, (await Ran.ToEndAsync(launcher, others.Spec("true"))).ExitCode);
    }

    [Fact]
    public async Task Sandbox_Works_WhenTheWorkerIsNotRoot()
    {
        SkipUnlessRoot();
        const uint User = 211_111;
        var program = Environment.ProcessPath!;
        Assert.SkipUnless(await MayRunAsync(User, program), "The test program lies where other users cannot read it.");
        await HostAsync("chown", "-R", $"{User}:{User}", _folders.Root);

        using var worker = WorkerProcess.Start(SandboxKind.Bubblewrap, _folders, User);
        var sign = Path.Combine(_folders.Clone, "detached");
        await ExecutionProcesses.UntilAsync(() => File.Exists(sign), "The worker's agent did not start its child.");
        var pids = ExecutionProcesses.Of(_folders.ExecutionId);
        Assert.All(pids, pid => Assert.Contains($"Uid:\t{User}\t", File.ReadAllText($"/proc/{pid}/status")));
        Assert.NotEqual(ProcessNamespace(Environment.ProcessId), ProcessNamespace(pids[^1]));

        worker.Kill();

        await ExecutionProcesses.UntilAsync(() => ExecutionProcesses.Of(_folders.ExecutionId).Count == 0, "The agent outlived its worker.");
    }

    public void Dispose() => _folders.Dispose();

    private static void SkipUnlessRoot() =>
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root gives sandboxes users of their own.");

    private static string? ProcessNamespace(int pid) => new FileInfo($"/proc/{pid}/ns/pid").LinkTarget;

    private static async Task<bool> MayRunAsync(uint user, string program)
    {
        using var test = Process.Start("setpriv", ["--reuid", $"{user}", "--regid", $"{user}", "--clear-groups", "test", "-x", program]);
        await test.WaitForExitAsync();
        return test.ExitCode == 0;
    }

    private static async Task<string> HostAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    private static async Task<IAgentProcess> StartAsync(ProcessSpec spec) =>
        await (await Launchers.OfAsync(SandboxKind.Bubblewrap)).StartAsync(spec, CancellationToken.None);

    private async Task<Ran> RunAsync(string line) =>
        await Ran.ToEndAsync(await Launchers.OfAsync(SandboxKind.Bubblewrap), _folders.Shell(line));
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes.Processes;
using AgentVine.Testing.Conformance;
using Xunit;

namespace AgentVine.Runtimes.Tests.Processes;

/// <summary>What the sandbox keeps from an agent. An attempt is made outside too, where it must succeed.</summary>
[SupportedOSPlatform("linux")]
public sealed class SandboxTests : IDisposable
{
    private const string Canary = "VINE_TEST_SANDBOX_CANARY";

    private readonly TestFolders _folders = new();

    [Fact]
    public async Task Secret_OfTheHostIsNotThere()
    {
        var secret = Path.Combine(_folders.Root, "run.key");
        await File.WriteAllTextAsync(secret, "4711");
        Assert.Equal("4711", (await OutsideAsync(_folders.Spec("cat", secret))).Output);

        var ran = await InsideAsync(_folders.Spec("cat", secret));

        Assert.NotEqual(0, ran.ExitCode);
        Assert.Contains("No such file", ran.Error);
    }

    [Theory]
    [InlineData("/etc/shadow")]
    [InlineData("/root")]
    [InlineData("/home")]
    [InlineData("/sys")]
    [InlineData("/run")]
    public async Task Place_OfTheHostIsNotThere(string path)
    {
        Assert.True(Path.Exists(path), "There is none outside either.");

        Assert.NotEqual(0, (await InsideAsync(_folders.Spec("ls", path))).ExitCode);
    }

    [Fact]
    public async Task Environment_OfTheHostIsInNoProcess()
    {
        Environment.SetEnvironmentVariable(Canary, "seen");
        using var control = Process.Start(new ProcessStartInfo("env") { RedirectStandardOutput = true })!;
        Assert.Contains(Canary, await control.StandardOutput.ReadToEndAsync());

        var ran = await InsideAsync(_folders.Shell("env; cat /proc/[0-9]*/environ | tr '\\0' '\\n'"));

        Assert.Contains("VINE_EXECUTION", ran.Output);
        Assert.DoesNotContain(Canary, ran.Output);
    }

    [Fact]
    public async Task Variables_StandInNoArgumentList()
    {
        var spec = _folders.Shell("echo up; cat") with { Environment = new Dictionary<string, string> { ["TOKEN"] = "s3cr3t-4711" } };
        await using var process = await (await SandboxAsync()).StartAsync(spec, CancellationToken.None);
        using var output = new StreamReader(process.StandardOutput);
        Assert.Equal("up", await Ran.LineAsync(output));

        var pids = ExecutionProcesses.Of(_folders.ExecutionId);

        Assert.NotEmpty(pids);
        Assert.All(pids, pid => Assert.DoesNotContain("s3cr3t", File.ReadAllText($"/proc/{pid}/cmdline")));
    }

    [Theory]
    [InlineData("/vine-x")]
    [InlineData("/usr/vine-x")]
    [InlineData("/etc/vine-x")]
    [InlineData("/dev/vine-x")]
    [InlineData("/var/vine-x")]
    public async Task Place_OutsideCloneAndHomeCannotBeWritten(string path)
    {
        Assert.Equal(0, (await OutsideAsync(_folders.Shell($"echo x > $HOME/x"))).ExitCode);

        var ran = await InsideAsync(_folders.Shell($"echo x > {path}"));

        Assert.NotEqual(0, ran.ExitCode);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task FolderAboveTheClone_IsNotTheHosts()
    {
        Assert.Equal(0, (await OutsideAsync(_folders.Shell("echo x > ../outside"))).ExitCode);
        Assert.True(File.Exists(Path.Combine(_folders.Root, "outside")));

        await InsideAsync(_folders.Shell("echo x > ../inside; rm ../outside"));

        Assert.False(File.Exists(Path.Combine(_folders.Root, "inside")));
        Assert.True(File.Exists(Path.Combine(_folders.Root, "outside")));
    }

    [Fact]
    public async Task Settings_OfTheKernelCannotBeWritten()
    {
        const string Setting = "/proc/sys/kernel/printk_ratelimit";

        var ran = await InsideAsync(_folders.Shell($"cat {Setting} && cat {Setting} > {Setting}"));

        Assert.NotEqual(0, ran.ExitCode);
        Assert.NotEmpty(ran.Output);
    }

    [Fact]
    public async Task Processes_OfTheHostAreNeitherSeenNorSignalled()
    {
        Assert.Equal(0, (await OutsideAsync(_folders.Shell($"kill -0 {Environment.ProcessId}"))).ExitCode);

        var ran = await InsideAsync(_folders.Shell($"kill -0 {Environment.ProcessId}; echo $?; ls -d /proc/[0-9]* | wc -l"));

        Assert.NotEqual("0", ran.Lines[0]);
        Assert.InRange(int.Parse(ran.Lines[1], null), 1, 8);
    }

    [Fact]
    public async Task DetachedChild_IsGone_EvenWithACleanEnvironment()
    {
        var sign = $"86400.{Random.Shared.Next(100_000, 999_999)}";
        await using var process = await (await SandboxAsync()).StartAsync(
            _folders.Shell($"(env -i setsid sh -c '(sleep {sign} &)' &) ; sleep 600"), CancellationToken.None);
        await ExecutionProcesses.UntilAsync(() => Sleepers(sign) == 1, "The detached child is not seen from outside.");

        await process.KillAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(0, Sleepers(sign));
    }

    [Fact]
    public async Task Privileges_AreNone()
    {
        var ran = await InsideAsync(_folders.Shell("id -u; grep -E '^(CapEff|CapPrm|CapBnd|NoNewPrivs)' /proc/self/status | tr '\\t' ' '"));

        const string None = "0000000000000000";
        Assert.Equal([$"CapPrm: {None}", $"CapEff: {None}", $"CapBnd: {None}", "NoNewPrivs: 1"], ran.Lines.Skip(1));
        Assert.NotEqual("0", ran.Lines[0]);
    }

    [Fact]
    public async Task UserNamespaces_CannotBeMade()
    {
        Assert.Equal(0, (await OutsideAsync(_folders.Spec("unshare", "-U", "true"))).ExitCode);

        Assert.NotEqual(0, (await InsideAsync(_folders.Spec("unshare", "-U", "true"))).ExitCode);
    }

    [Fact]
    public async Task ReadOnlyFolder_CanBeReadAndNotChanged_InsideTheCloneToo()
    {
        var hooks = Directory.CreateDirectory(Path.Combine(_folders.Clone, ".git", "hooks")).FullName;
        await File.WriteAllTextAsync(Path.Combine(hooks, "pre-commit"), "hook");
        const string Hook = ".git/hooks/pre-commit";
        var spec = _folders.Shell($"cat {Hook} && echo x > .git/x && ! echo x > {Hook} && ! rm {Hook}");

        var ran = await InsideAsync(spec with { ReadOnly = [hooks] });

        Assert.Equal("hook", ran.Output);
        Assert.Equal(0, ran.ExitCode);
        Assert.Equal("hook", await File.ReadAllTextAsync(Path.Combine(hooks, "pre-commit")));
    }

    [Fact]
    public async Task ReadOnlyFolder_IsRefused_WhenAnAgentPutALinkInItsPlace()
    {
        var secret = Directory.CreateDirectory(Path.Combine(_folders.Root, "secret")).FullName;
        Assert.Equal(0, (await InsideAsync(_folders.Shell($"mkdir -p .git && ln -s {secret} .git/hooks"))).ExitCode);
        var hooks = Path.Combine(_folders.Clone, ".git", "hooks");

        var exception = await Assert.ThrowsAsync<AgentLaunchException>(() => InsideAsync(_folders.Spec("ls") with { ReadOnly = [hooks] }));

        Assert.Contains(hooks, exception.Message);
    }

    [Fact]
    public async Task Folders_MayLieBelowAClosedOne()
    {
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folders.Root));

        var ran = await InsideAsync(_folders.Shell("echo x > a && cat a && pwd"));

        Assert.Equal(["x", _folders.Clone], ran.Lines);
    }

    [Fact]
    public async Task Loopback_OfTheHostIsReached()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accepted = listener.AcceptTcpClientAsync();

        var ran = await InsideAsync(_folders.Spec("bash", "-c", $"exec 3<>/dev/tcp/127.0.0.1/{((IPEndPoint)listener.LocalEndpoint).Port}"));

        Assert.Equal(0, ran.ExitCode);
        using var client = await accepted;
    }

    [Fact]
    public async Task Network_IsGone_WhenTheSpecCutsIt_ButForASocketThatItNames()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var path = Path.Combine(_folders.Root, "s.sock");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        var probe = $"exec 3<>/dev/tcp/127.0.0.1/{((IPEndPoint)listener.LocalEndpoint).Port}";
        Assert.Equal(0, (await InsideAsync(_folders.Spec("bash", "-c", probe))).ExitCode);

        var ran = await InsideAsync(_folders.Spec("bash", "-c", $"({probe}) 2>/dev/null && echo reached; tail -n +3 /proc/net/dev | cut -d: -f1") with { CutNetwork = true });
        var called = await InsideAsync(
            _folders.Spec("python3", "-c", $"import socket; socket.socket(socket.AF_UNIX).connect('{path}'); print('called')") with { CutNetwork = true, ReadOnly = [path] });

        Assert.Equal(["lo"], ran.Lines.Select(line => line.Trim()));
        Assert.Equal("called\n", called.Output);
    }

    [Fact]
    public async Task Names_AreResolved()
    {
        Assert.Contains("localhost", (await InsideAsync(_folders.Spec("getent", "hosts", "localhost"))).Output);
        Assert.Equal("vine", (await InsideAsync(_folders.Spec("id", "-un"))).Output.Trim());
    }

    [Fact]
    public async Task Program_IsRefused_WhenItIsNotVisibleInside()
    {
        var tools = Directory.CreateDirectory(Path.Combine(_folders.Root, "tools")).FullName;
        var program = Path.Combine(tools, "agent");
        await File.WriteAllTextAsync(program, "#!/bin/sh\necho runs\n");
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);

        var exception = await Assert.ThrowsAsync<AgentLaunchException>(() => InsideAsync(_folders.Spec(program)));

        Assert.Equal(FailureKind.Permanent, exception.Kind);
        Assert.Contains(program, exception.Message);
        Assert.Equal("runs\n", (await InsideAsync(_folders.Spec(program) with { ReadOnly = [tools] })).Output);
    }

    [Fact]
    public async Task Path_IsSearchedInsideOnly_WhenTheSpecNamesItsOwn()
    {
        var bin = Directory.CreateDirectory(Path.Combine(_folders.Clone, "bin")).FullName;
        var trap = Path.Combine(bin, "mount");
        await File.WriteAllTextAsync(trap, $"#!/bin/sh\nid -u >> {_folders.Clone}/trapped\n");
        File.SetUnixFileMode(trap, (UnixFileMode)0b111_101_101);
        var path = new Dictionary<string, string> { ["PATH"] = $"{bin}:/usr/bin" };

        var ran = await InsideAsync(_folders.Shell("echo $PATH; mount; cat trapped") with { Environment = path });

        Assert.Equal($"{bin}:/usr/bin", ran.Lines[0]);
        Assert.NotEqual("0", Assert.Single(ran.Lines.Skip(1)));
    }

    public void Dispose() => _folders.Dispose();

    private static Task<IProcessLauncher> SandboxAsync() => Launchers.OfAsync(SandboxKind.Bubblewrap);

    private static async Task<Ran> InsideAsync(ProcessSpec spec) => await Ran.ToEndAsync(await SandboxAsync(), spec);

    private static Task<Ran> OutsideAsync(ProcessSpec spec) => Ran.ToEndAsync(Launchers.Plain, spec);

    private static int Sleepers(string sign) =>
        Directory.EnumerateDirectories("/proc").Count(folder => CommandLine(folder) == $"sleep\0{sign}\0");

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using AgentVine.Git.Clones;
using AgentVine.Runtimes.Processes;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class SandboxedGitTests : IDisposable
{
    private readonly AttemptGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Theory]
    [InlineData(16 * 1024 * 1024, true)]
    [InlineData((16 * 1024 * 1024) + 1, false)]
    public async Task Output_IsTakenWhole_OrNotAtAll(int length, bool isTaken)
    {
        var workspace = await _ground.Maker().MakeAsync(_ground.NewOrder(), AttemptGround.Stop);
        await File.WriteAllBytesAsync(Path.Join(workspace.Clone, "long"), new byte[length], AttemptGround.Stop);
        var blob = _ground.Git(workspace, "hash-object", "-w", "long");
        var reading = new SandboxedGit(_ground, workspace.Folders, workspace.Objects).RunAsync(
            new GitStep(["cat-file", "blob", blob], new Dictionary<string, string>(), [0]), AttemptGround.Stop);

        if (isTaken)
        {
            Assert.Equal(length, (await reading).Text.Length);
        }
        else
        {
            await Assert.ThrowsAsync<GitStepException>(() => reading);
        }
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task AgentsFilter_FindsNoNetwork()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sandbox = (await ProcessLaunchers.CreateAsync(SandboxKind.Bubblewrap, new LauncherOptions(), AttemptGround.Stop)).Launcher;
        var workspace = await _ground.Maker().MakeAsync(_ground.NewOrder(), AttemptGround.Stop);
        var probe = $"bash -c 'exec 3<>/dev/tcp/127.0.0.1/{((IPEndPoint)listener.LocalEndpoint).Port}' 2>/dev/null && echo reached || echo alone";
        _ground.Git(workspace, "config", "filter.evil.clean", probe);
        await File.WriteAllTextAsync(Path.Join(workspace.Clone, ".gitattributes"), "* filter=evil\n", AttemptGround.Stop);
        await File.WriteAllTextAsync(Path.Join(workspace.Clone, "work.txt"), "work\n", AttemptGround.Stop);

        Assert.Equal("reached\n", await FilteredAsync(new Uncut(sandbox), workspace));
        Assert.Equal("alone\n", await FilteredAsync(sandbox, workspace));
    }

    private static async Task<string> FilteredAsync(IProcessLauncher launcher, Workspace workspace)
    {
        var git = new SandboxedGit(launcher, workspace.Folders, workspace.Objects);
        var nothing = new Dictionary<string, string>();
        var blob = (await git.RunAsync(new GitStep(["hash-object", "-w", "work.txt"], nothing, [0]), AttemptGround.Stop)).Text.Trim();
        return (await git.RunAsync(new GitStep(["cat-file", "blob", blob], nothing, [0]), AttemptGround.Stop)).Text;
    }

    private sealed class Uncut(IProcessLauncher inner) : IProcessLauncher
    {
        public string Sandbox => inner.Sandbox;

        public bool CutsNetwork => false;

        public Task<IAgentProcess> StartAsync(ProcessSpec spec, CancellationToken cancellationToken) => inner.StartAsync(spec, cancellationToken);
    }
}

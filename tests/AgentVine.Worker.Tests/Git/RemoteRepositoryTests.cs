using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentVine.Git;
using AgentVine.Git.Mirrors;
using AgentVine.Git.Names;
using Xunit;

namespace AgentVine.Worker.Tests.Git;

/// <summary>Fetching over HTTP, with and without credentials.</summary>
public sealed class RemoteRepositoryTests : IDisposable
{
    private const string Password = "hunter2@:%";

    private readonly GitGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Fetch_UsesTheUrlsCredentials_AndLeavesThemNowhere()
    {
        await using var host = await CodeHost.StartAsync(Publish(), "alice:" + Password);
        var mirror = MirrorOf(host, "/code.git", $"alice:{Uri.EscapeDataString(Password)}@");

        var tip = await mirror.FetchAsync(null, GitGround.Stop);

        Assert.Equal("main", tip.DefaultBranch);
        Assert.All(host.Authorizations, header => Assert.Equal(Basic("alice:" + Password), header));
        Assert.NotEmpty(host.Authorizations);
        AssertNowhereOnDisk("hunter2", host.Address.Authority);
    }

    [Fact]
    public async Task Fetch_SaysThatCredentialsAreWrong_WithoutShowingThem()
    {
        await using var host = await CodeHost.StartAsync(Publish(), "alice:other");
        GitGround.Write(_ground.Home, ".gitconfig", $"[credential]\n\thelper = \"!touch {_ground.Root}/asked-the-user; true\"\n");

        var failure = await Assert.ThrowsAsync<GitException>(
            () => MirrorOf(host, "/code.git", "alice:hunter2@").FetchAsync("main", GitGround.Stop));

        Assert.Equal((GitFailureKind.AuthenticationFailed, false), (failure.Kind, failure.IsTransient));
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", string.Join('\n', _ground.Log.Lines), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Join(_ground.Root, "asked-the-user")));
    }

    [Fact]
    public async Task Fetch_UsesTheUsersOwnHelper_WhenTheUrlHasNoPassword()
    {
        await using var host = await CodeHost.StartAsync(Publish(), "alice:from-helper");
        GitGround.Write(_ground.Home, ".gitconfig", "[credential]\n\thelper = \"!echo password=from-helper; true\"\n");

        var tip = await MirrorOf(host, "/code.git", "alice@").FetchAsync("main", GitGround.Stop);

        Assert.Equal("main", tip.Branch);
    }

    [Fact]
    public async Task Fetch_AsksNobody_WhenThereAreNoCredentials()
    {
        await using var host = await CodeHost.StartAsync(Publish(), "alice:x");

        var failure = await Assert.ThrowsAsync<GitException>(() => MirrorOf(host, "/code.git").FetchAsync("main", GitGround.Stop));

        Assert.Equal(GitFailureKind.AuthenticationFailed, failure.Kind);
        Assert.Contains("git ls-remote", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_StayWithTheirHost_WhenItRedirects()
    {
        await using var other = await CodeHost.StartAsync(Publish(), "alice:hunter2");
        await using var host = await CodeHost.StartAsync(_ground.Root, "alice:hunter2", redirectTo: other.Address);

        await Assert.ThrowsAsync<GitException>(() => MirrorOf(host, "/code.git", "alice:hunter2@").FetchAsync("main", GitGround.Stop));

        Assert.NotEmpty(host.Authorizations);
        Assert.Empty(other.Authorizations);
    }

    [Fact]
    public async Task Fetch_TellsAMissingRepositoryFromAHostThatIsDown()
    {
        var host = await CodeHost.StartAsync(Publish());
        var missing = MirrorOf(host, "/other.git");
        var present = MirrorOf(host, "/code.git");
        Assert.Equal("main", (await present.FetchAsync(null, GitGround.Stop)).Branch);

        var notFound = await Assert.ThrowsAsync<GitException>(() => missing.FetchAsync("main", GitGround.Stop));
        await host.DisposeAsync();
        var unreachable = await Assert.ThrowsAsync<GitException>(() => present.FetchAsync("main", GitGround.Stop));

        Assert.Equal((GitFailureKind.NotFound, false), (notFound.Kind, notFound.IsTransient));
        Assert.Equal((GitFailureKind.Unreachable, true), (unreachable.Kind, unreachable.IsTransient));
    }

    [Fact]
    public async Task Fetch_GivesUp_WhenTheHostNeverAnswers()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var mirrors = _ground.NewMirrors(_ground.NewRunner(
            new GitOptions { Environment = _ground.Variables, TransferTimeout = TimeSpan.FromSeconds(1) }));

        var failure = await Assert.ThrowsAsync<GitException>(
            () => mirrors.For(RepositoryUrl.Parse($"http://{silent.LocalEndpoint}/code.git")).FetchAsync("main", GitGround.Stop));

        Assert.Equal((GitFailureKind.Unreachable, true, true), (failure.Kind, failure.IsTransient, failure.TimedOut));
    }

    [Fact]
    public async Task Credentials_AreEachTheirOwn_WhenTheMirrorIsShared()
    {
        await using var host = await CodeHost.StartAsync(Publish(), "alice:right");
        var right = MirrorOf(host, "/code.git", "alice:right@");
        var wrong = MirrorOf(host, "/code.git", "alice:wrong@");

        var fetches = (right.FetchAsync("main", GitGround.Stop), wrong.FetchAsync("main", GitGround.Stop));

        Assert.Equal("main", (await fetches.Item1).Branch);
        await Assert.ThrowsAsync<GitException>(() => fetches.Item2);
        Assert.Equal(right.Folder, wrong.Folder);
    }

    [Fact]
    public async Task Fetch_StartsSsh_ThatCanAskNobody()
    {
        var seen = Path.Join(_ground.Root, "seen");
        var ssh = _ground.NewScript(
            "ssh",
            $"printf '%s\\n' \"$@\" \"$SSH_ASKPASS $SSH_ASKPASS_REQUIRE\" >> {seen}\necho 'Permission denied (publickey).' >&2; exit 255");
        var variables = new Dictionary<string, string>(_ground.Variables) { ["GIT_SSH"] = ssh, ["GIT_SSH_VARIANT"] = "ssh" };
        var mirrors = _ground.NewMirrors(_ground.NewRunner(new GitOptions { Environment = variables }));

        var failure = await Assert.ThrowsAsync<GitException>(
            () => mirrors.For(RepositoryUrl.Parse("ssh://git@example.invalid:2222/srv/it's%20$(touch%20x).git")).FetchAsync("main", GitGround.Stop));

        Assert.Equal(GitFailureKind.AuthenticationFailed, failure.Kind);
        var lines = await File.ReadAllLinesAsync(seen, GitGround.Stop);
        Assert.Equal("vine-never-asks force", lines[^1]);
        Assert.Equal(@"git-upload-pack '/srv/it'\''s $(touch x).git'", lines[^2]);
        Assert.Equal("git@example.invalid", lines[^3]);
    }

    [Theory]
    [InlineData("git@github.com: Permission denied (publickey).", GitFailureKind.AuthenticationFailed)]
    [InlineData("Host key verification failed.", GitFailureKind.AuthenticationFailed)]
    [InlineData("ERROR: Repository not found.", GitFailureKind.NotFound)]
    [InlineData("fatal: '/srv/code.git' does not appear to be a git repository", GitFailureKind.NotFound)]
    [InlineData("fatal: detected dubious ownership in repository at '/srv/code.git'", GitFailureKind.AuthenticationFailed)]
    [InlineData("ssh: Could not resolve hostname example.invalid: Name or service not known", GitFailureKind.Unreachable)]
    [InlineData("ssh: connect to host example.invalid port 22: Connection timed out", GitFailureKind.Unreachable)]
    [InlineData("kex_exchange_identification: Connection closed by remote host", GitFailureKind.Unreachable)]
    public async Task Failure_IsToldByItsKind_WhenSshSaysWhy(string words, GitFailureKind kind)
    {
        await File.WriteAllTextAsync(Path.Join(_ground.Root, "words"), words + "\n", GitGround.Stop);
        var ssh = _ground.NewScript("ssh", $"cat {_ground.Root}/words >&2; exit 255");
        var variables = new Dictionary<string, string>(_ground.Variables) { ["GIT_SSH"] = ssh };
        var mirrors = _ground.NewMirrors(_ground.NewRunner(new GitOptions { Environment = variables }));

        var failure = await Assert.ThrowsAsync<GitException>(
            () => mirrors.For(RepositoryUrl.Parse("git@example.invalid:code.git")).FetchAsync("main", GitGround.Stop));

        Assert.Equal(kind, failure.Kind);
        Assert.Contains("git@example.invalid:code.git", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("correct access rights", failure.Message, StringComparison.Ordinal);
        var quoted = words.Contains("dubious", StringComparison.Ordinal) ? "safe.directory" : words.Replace("fatal: ", "").TrimEnd('.');
        Assert.Contains(quoted, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A bare repository as a plain web server can offer it; returns the folder above.</summary>
    private string Publish()
    {
        var www = Path.Join(_ground.Root, "www");
        if (!Directory.Exists(www))
        {
            _ground.Git(_ground.Root, "clone", "--quiet", "--bare", _ground.NewRepository(), Path.Join(www, "code.git"));
            _ground.Git(Path.Join(www, "code.git"), "update-server-info");
        }

        return www;
    }

    private Mirror MirrorOf(CodeHost host, string path, string user = "") =>
        _ground.Mirrors.For(RepositoryUrl.Parse($"{host.Address.Scheme}://{user}{host.Address.Authority}{path}"));

    private static string Basic(string credentials) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));

    private void AssertNowhereOnDisk(params string[] texts)
    {
        foreach (var file in Directory.EnumerateFiles(_ground.Root, "*", SearchOption.AllDirectories))
        {
            var content = Encoding.Latin1.GetString(File.ReadAllBytes(file));
            Assert.All(texts, text => Assert.DoesNotContain(text, content, StringComparison.Ordinal));
        }
    }
}

using System.Diagnostics;
using AgentVine.Git;
using Xunit;

namespace AgentVine.Worker.Tests.Git;

public sealed class GitRunnerTests : IDisposable
{
    private readonly GitGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Run_SaysWhatToDo_WhenGitIsNotThere()
    {
        var runner = _ground.NewRunner(new GitOptions { Environment = new Dictionary<string, string> { ["PATH"] = _ground.Root } });

        var failure = await Assert.ThrowsAsync<GitException>(() => runner.VersionAsync(GitGround.Stop));

        Assert.Contains("install git", failure.Message, StringComparison.Ordinal);
        Assert.Matches(@"^\d+\.\d+", await _ground.Runner.VersionAsync(GitGround.Stop));
    }

    [Fact]
    public async Task Run_NeverStartsAGitOfTheCurrentFolder_WhenThePathHasRelativeEntries()
    {
        _ground.NewScript("git", "echo git version of-the-agent");
        var variables = new Dictionary<string, string>(_ground.Variables) { ["PATH"] = ".:" + _ground.Variables["PATH"] };

        var output = await _ground.NewRunner(new GitOptions { Environment = variables }).RunAsync(
            new GitCommand { Arguments = ["version"], WorkTree = _ground.Root },
            GitGround.Stop);

        Assert.DoesNotContain("agent", output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ObeysTheUser_OnlyInTheRemoteProfile()
    {
        GitGround.Write(_ground.Home, ".gitconfig", "[vine]\n\tcanary = global\n");
        var command = new GitCommand { Arguments = ["config", "--get", "vine.canary"], ExitCodes = [0, 1] };

        Assert.Equal("", (await _ground.Runner.RunAsync(command, GitGround.Stop)).Text);
        Assert.Equal("global\n", (await _ground.Runner.RunAsync(command with { Profile = GitProfile.Remote }, GitGround.Stop)).Text);
    }

    [Theory]
    [InlineData(GitProfile.Isolated)]
    [InlineData(GitProfile.Remote)]
    public async Task Run_PassesNoGitVariableOn_WhenStartedFromWithinGit(GitProfile profile)
    {
        var variables = new Dictionary<string, string>(_ground.Variables)
        {
            ["GIT_DIR"] = "/elsewhere",
            ["GIT_INDEX_FILE"] = "/elsewhere/index",
            ["GIT_CONFIG_PARAMETERS"] = "'vine.canary'='parameters'",
            ["GIT_EXTERNAL_DIFF"] = "/elsewhere/diff",
            ["GIT_TRACE"] = Path.Join(_ground.Root, "trace"),
        };
        var command = new GitCommand { Arguments = ["config", "--get", "vine.canary"], ExitCodes = [0, 1], Profile = profile };

        var output = await _ground.NewRunner(new GitOptions { Environment = variables }).RunAsync(command, GitGround.Stop);

        Assert.Equal("", output.Text);
        Assert.False(File.Exists(Path.Join(_ground.Root, "trace")));
    }

    [Fact]
    public async Task Run_KillsEverythingItStarted_WhenCancelled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(GitGround.Stop);
        var pids = new TaskCompletionSource<int>();

        var run = _ground.Runner.RunAsync(Sleeper(pids), stop.Token);
        var pid = await pids.Task.WaitAsync(GitGround.Stop);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await AssertGoneAsync(pid);
    }

    [Fact]
    public async Task Run_KillsEverythingItStarted_WhenTimeIsUp()
    {
        var pids = new TaskCompletionSource<int>();

        var failure = await Assert.ThrowsAsync<GitException>(
            () => _ground.Runner.RunAsync(Sleeper(pids) with { Timeout = TimeSpan.FromSeconds(2) }, GitGround.Stop));

        Assert.True(failure.TimedOut);
        Assert.Null(failure.ExitCode);
        await AssertGoneAsync(await pids.Task.WaitAsync(GitGround.Stop));
    }

    [Fact]
    public async Task Run_StopsGit_WhenItSaysTooMuch()
    {
        var runner = _ground.NewRunner(new GitOptions { Environment = _ground.Variables, OutputLimit = 1000 });

        var failure = await Assert.ThrowsAsync<GitException>(
            () => runner.RunAsync(new GitCommand { Arguments = ["help", "--all"] }, GitGround.Stop));

        Assert.Contains("more than 1000 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_CarriesVerbCodeAndWords_WithoutSecretsOrEscapes()
    {
        var command = new GitCommand
        {
            Arguments = ["update-ref", "refs/heads/x", "https://alice:hunter2@example.com\u001b]0;/tok3n"],
            Repository = Path.Join(_ground.NewRepository(), ".git"),
            Secrets = ["tok3n"],
        };

        var failure = await Assert.ThrowsAsync<GitException>(
            () => _ground.Runner.RunAsync(command, GitGround.Stop));

        Assert.Equal(("update-ref", 128), (failure.Verb, failure.ExitCode));
        Assert.Contains("example.com", failure.Errors, StringComparison.Ordinal);
        foreach (var hidden in (string[])["hunter2", "tok3n", "\u001b"])
        {
            Assert.DoesNotContain(hidden, failure.ToString() + failure.Errors, StringComparison.Ordinal);
        }
    }

    /// <summary>Git with a child of its own that would sleep for long.</summary>
    private static GitCommand Sleeper(TaskCompletionSource<int> pids) => new()
    {
        Arguments = ["sleeper"],
        Configuration = [new("alias.sleeper", "!sleep 300 & echo $!; wait")],
        Output = async (stream, stop) =>
        {
            using var reader = new StreamReader(stream);
            pids.TrySetResult(int.Parse((await reader.ReadLineAsync(stop))!, System.Globalization.CultureInfo.InvariantCulture));
            await reader.ReadLineAsync(stop);
            return true;
        },
    };

    /// <summary>A killed process may take a moment to go.</summary>
    private static async Task AssertGoneAsync(int pid)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (IsAlive(pid))
        {
            Assert.False(patience.IsCancellationRequested, $"Process {pid}, a child of git, is still there 30 seconds after git was killed.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, GitGround.Stop);
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited && !IsZombie(pid);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsZombie(int pid) =>
        File.Exists($"/proc/{pid}/stat") && File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].StartsWith('Z');
}

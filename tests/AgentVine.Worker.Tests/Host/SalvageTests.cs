using System.Net;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class SalvageTests : IDisposable
{
    private readonly AttemptGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Folder_IsBroughtHomeAndGoes_WhenItsWorkerWasKilled()
    {
        var left = await LeaveAsync();

        await _ground.NewSalvage().RunAsync(AttemptGround.Stop);

        Assert.Equal(1, CheckpointsSent);
        Assert.False(Directory.Exists(left.Root));
    }

    [Fact]
    public async Task Server_IsWaitedFor_WhenItIsAwayForLongerThanGitMayTake()
    {
        var left = await LeaveAsync();
        var (back, isBack) = (_ground.Time.GetUtcNow() + TimeSpan.FromMinutes(20), false);
        _ground.Says = call =>
        {
            isBack = IsCheckpoint(call) && _ground.Time.GetUtcNow() >= back;
            return isBack ? null : (HttpStatusCode.ServiceUnavailable, "");
        };
        var salvaging = _ground.NewSalvage().RunAsync(AttemptGround.Stop);

        await Patience.UntilAsync(() => CheckpointsSent > 0, "git is done and the server is called");
        await Patience.UntilAsync(() => isBack || Wait(), "the server is back");
        await salvaging;

        Assert.False(Directory.Exists(left.Root));

        bool Wait()
        {
            _ground.Time.Advance(TimeSpan.FromSeconds(5));
            return false;
        }
    }

    [Fact]
    public async Task Start_IsDelayedOnce_WhenGitHangsInWhatWasLeft()
    {
        var left = await LeaveAsync();
        var begun = new TaskCompletionSource();
        _ground.BeforeStart = (_, stop) =>
        {
            begun.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
        };
        var first = _ground.NewSalvage().RunAsync(AttemptGround.Stop);
        await begun.Task;
        Assert.True(AttemptFile.Read(left.Attempt)?.Tried);
        _ground.Time.Advance(TimeSpan.FromMinutes(2));
        await first;

        var next = _ground.NewSalvage();
        await next.RunAsync(AttemptGround.Stop);
        Assert.True(Directory.Exists(left.Root));

        _ground.BeforeStart = (_, _) => Task.CompletedTask;
        await next.RunLateAsync(AttemptGround.Stop);
        Assert.Equal(1, CheckpointsSent);
        Assert.False(Directory.Exists(left.Root));
    }

    [Fact]
    public async Task Clone_Stays_WhenNothingSaysWhoseItIs()
    {
        var left = await LeaveAsync();
        File.Delete(left.Attempt);

        await _ground.NewSalvage().RunAsync(AttemptGround.Stop);

        Assert.True(Directory.Exists(left.Clone));
        Assert.Equal(0, CheckpointsSent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Folder_Goes_WhenItsCloneWasNotMadeYet(bool isWritten)
    {
        var left = await LeaveAsync();
        Directory.Move(left.Clone, left.CloneDraft);
        if (!isWritten)
        {
            File.Delete(left.Attempt);
        }

        await _ground.NewSalvage().RunAsync(AttemptGround.Stop);

        Assert.False(Directory.Exists(left.Root));
        Assert.Equal(0, CheckpointsSent);
    }

    private int CheckpointsSent => _ground.Server.Calls.Count(call => IsCheckpoint(call.Call));

    private static bool IsCheckpoint(string call) => call.EndsWith("/checkpoint", StringComparison.Ordinal);

    private async Task<WorkspaceFolders> LeaveAsync()
    {
        var workspace = await _ground.Maker().MakeAsync(_ground.NewOrder(), AttemptGround.Stop);
        File.WriteAllText(Path.Join(workspace.Clone, "page.md"), "Left behind.\n");
        return workspace.Folders;
    }
}

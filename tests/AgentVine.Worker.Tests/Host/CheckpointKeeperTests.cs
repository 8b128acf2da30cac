using System.Net;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class CheckpointKeeperTests : IDisposable
{
    private static readonly (HttpStatusCode, string) Invalid = (HttpStatusCode.UnprocessableEntity, $$"""{"status":422,"code":"{{ErrorCodes.ExecutionsBundle}}"}""");

    private readonly AttemptGround _ground = new();
    private Func<(HttpStatusCode, string)?> _checkpoint = () => null;

    public CheckpointKeeperTests() => _ground.Says = call => IsCheckpoint(call) ? _checkpoint() : null;

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Checkpoint_GoesOnFromTheUnansweredOne_WhenTheOneBetweenIsRefused()
    {
        var workspace = await _ground.Maker().MakeAsync(_ground.NewOrder(), AttemptGround.Stop);
        await using var keeper = _ground.NewKeeper(workspace);
        var unanswered = await LoseAsync(keeper, "one");
        _checkpoint = () => Invalid;
        var refused = await KeepAsync(keeper, "two", isKept: false);

        _checkpoint = () => null;
        var kept = await KeepAsync(keeper, "three", isKept: true);

        Assert.True(_ground.IsAncestor(workspace, unanswered, kept));
        Assert.False(_ground.IsAncestor(workspace, refused, kept));
    }

    [Fact]
    public async Task Checkpoint_GoesOnFromTheStoredOne_WhenAllThatGoesOnFromTheUnansweredIsRefused()
    {
        var workspace = await _ground.Maker().MakeAsync(_ground.NewOrder(), AttemptGround.Stop);
        await using var keeper = _ground.NewKeeper(workspace);
        var stored = await KeepAsync(keeper, "zero", isKept: true);
        var unanswered = await LoseAsync(keeper, "one");
        _checkpoint = () => Invalid;
        await KeepAsync(keeper, "two", isKept: false);
        await KeepAsync(keeper, "three", isKept: false);

        _checkpoint = () => null;
        var kept = await KeepAsync(keeper, "four", isKept: true);

        Assert.True(_ground.IsAncestor(workspace, stored, kept));
        Assert.False(_ground.IsAncestor(workspace, unanswered, kept));
    }

    [Fact]
    public async Task Checkpoint_BringsItsOwnFiles_WhenTheyAreThoseOfTheUnansweredOneAgain()
    {
        var workspace = await _ground.Maker().MakeAsync(_ground.NewOrder(), AttemptGround.Stop);
        await using var keeper = _ground.NewKeeper(workspace);
        var unanswered = await LoseAsync(keeper, "one");
        _checkpoint = () => Invalid;
        await KeepAsync(keeper, "two", isKept: false);

        _checkpoint = () => null;

        Assert.Equal(unanswered, await KeepAsync(keeper, "one", isKept: true));
    }

    [Fact]
    public async Task Parking_HasNoCheckpoint_WhenTheConversationCannotBeKept()
    {
        await using var keeper = _ground.NewKeeper(await _ground.Maker().MakeAsync(_ground.NewOrder(), AttemptGround.Stop));
        _ground.Conversation = null;

        Assert.False(await keeper.KeepAsync(CheckpointTrigger.Parked, AttemptGround.Stop));
        Assert.False(await keeper.KeepAsync(CheckpointTrigger.Parked, AttemptGround.Stop));
        Assert.True(await keeper.KeepAsync(CheckpointTrigger.Ended, AttemptGround.Stop));

        _ground.Conversation = "said\n";
        Assert.True(await keeper.KeepAsync(CheckpointTrigger.Parked, AttemptGround.Stop));
    }

    [Fact]
    public async Task NotedCheckpoint_IsCutAndOver_WhenItsAttemptEnds()
    {
        var keeper = _ground.NewKeeper(await _ground.Maker().MakeAsync(_ground.NewOrder(), AttemptGround.Stop));
        var begun = new TaskCompletionSource();
        var over = false;
        _ground.BeforeStart = async (_, stop) =>
        {
            begun.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            }
            catch (OperationCanceledException)
            {
                // As a git does that is killed.
                over = true;
                throw new IOException("Broken pipe");
            }
        };
        keeper.Note(CheckpointTrigger.Tool);
        await begun.Task;

        await keeper.EndAsync();

        Assert.True(over);
        _ground.BeforeStart = (_, _) => Task.CompletedTask;
        Assert.True(await keeper.KeepAsync(CheckpointTrigger.Ended, AttemptGround.Stop));
        await keeper.DisposeAsync();
    }

    [Fact]
    public async Task Files_AreNotDeleted_WhileACheckpointIsTaken()
    {
        var workspace = await _ground.Maker().MakeAsync(_ground.NewOrder(), AttemptGround.Stop);
        await using var keeper = _ground.NewKeeper(workspace);
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _ground.BeforeStart = (_, _) =>
        {
            begun.TrySetResult();
            return go.Task;
        };
        var keeping = keeper.KeepAsync(CheckpointTrigger.Tool, AttemptGround.Stop);
        await begun.Task;
        _ground.BeforeStart = (_, _) => Task.CompletedTask;

        var deleting = keeper.DeleteAsync(branch: null, AttemptGround.Stop);

        Assert.False(deleting.IsCompleted);
        go.SetResult();
        Assert.True(await keeping);
        Assert.True(await deleting);
        Assert.False(Directory.Exists(workspace.Folders.Root));
    }

    private static bool IsCheckpoint(string call) => call.EndsWith("/checkpoint", StringComparison.Ordinal);

    // It arrives at the server, and the answer never comes.
    private async Task<string> LoseAsync(CheckpointKeeper keeper, string content)
    {
        using var given = new CancellationTokenSource();
        _checkpoint = () =>
        {
            given.Cancel();
            return (HttpStatusCode.ServiceUnavailable, "");
        };
        Write(keeper, content);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeper.KeepAsync(CheckpointTrigger.Tool, given.Token));
        return Snapshot(keeper);
    }

    private async Task<string> KeepAsync(CheckpointKeeper keeper, string content, bool isKept)
    {
        Write(keeper, content);
        Assert.Equal(isKept, await keeper.KeepAsync(CheckpointTrigger.Tool, AttemptGround.Stop));
        return Snapshot(keeper);
    }

    private static void Write(CheckpointKeeper keeper, string content) => File.WriteAllText(Path.Join(keeper.Workspace.Clone, "page.md"), content);

    // What the clone's ref leads to is what a bundle is of.
    private string Snapshot(CheckpointKeeper keeper) => _ground.Git(keeper.Workspace, "rev-parse", keeper.Workspace.WorkInProgress);
}

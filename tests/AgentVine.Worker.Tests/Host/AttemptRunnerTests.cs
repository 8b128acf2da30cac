using System.Net;
using AgentVine.Contracts;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class AttemptRunnerTests : IDisposable
{
    private static readonly (HttpStatusCode, string) Refused = (HttpStatusCode.UnprocessableEntity, $$"""{"status":422,"code":"{{ErrorCodes.ExecutionsBundle}}"}""");

    private readonly AttemptGround _ground = new() { Work = clone => File.WriteAllText(Path.Join(clone, "page.md"), "A page.\n") };
    private readonly Deletions _deletions = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Dispose();
        _ground.Dispose();
    }

    [Fact]
    public async Task NextOrder_IsRunAtOnce_WhenTheFilesOfTheLastTakeLongToDelete()
    {
        var next = _ground.NewOrder();
        var go = new TaskCompletionSource();
        _ground.Says = call => Ends(call, "complete") ? (HttpStatusCode.OK, AttemptGround.Json(new EndResponse(AgentTaskStatus.Completed, next))) : null;
        _ground.BeforeStart = (_, _) => IsTold("complete") ? go.Task : Task.CompletedTask;

        var running = RunAsync();
        await Patience.UntilAsync(() => running.IsCompleted, "the attempt is over");
        var order = await running;

        Assert.Equal(next.ExecutionId, order?.Order.ExecutionId);
        var deleted = _deletions.WhenDoneAsync();
        Assert.False(deleted.IsCompleted);
        go.SetResult();
        await deleted;
        Assert.Empty(Directory.GetDirectories(_ground.Attempts));
    }

    [Fact]
    public async Task Deletion_IsGivenUp_WhenTheWorkerStops()
    {
        _ground.BeforeStart = (_, stop) => IsTold("complete") ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop) : Task.CompletedTask;
        await RunAsync();

        await _stop.CancelAsync();
        await _ground.Time.RunUntilAsync(() => _deletions.WhenDoneAsync().IsCompleted, "the deletion is given up");

        Assert.Single(Directory.GetDirectories(_ground.Attempts));
    }

    [Fact]
    public async Task Work_IsInTheLastCheckpoint_WhenItsBranchIsRefused()
    {
        _ground.Says = call => Ends(call, "branch") ? Refused : null;

        await RunAsync();
        await _deletions.WhenDoneAsync();

        Assert.True(IsTold("checkpoint"));
        Assert.True(IsTold("fail"));
        Assert.Contains("in the attempt's last checkpoint", _ground.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("files are kept on", _ground.Said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_ground.Attempts));
    }

    [Fact]
    public async Task Work_StaysAndItsOutputSaysWhere_WhenBranchAndCheckpointAreRefused()
    {
        _ground.Says = call => Ends(call, "branch") || Ends(call, "checkpoint") ? Refused : null;

        await RunAsync();
        await _deletions.WhenDoneAsync();

        var left = Assert.Single(Directory.GetDirectories(_ground.Attempts));
        Assert.Contains($"files are kept on {Environment.MachineName} in {left}", _ground.Said, StringComparison.Ordinal);
    }

    private static bool Ends(string call, string name) => call.EndsWith("/" + name, StringComparison.Ordinal);

    private bool IsTold(string name) => _ground.Server.Calls.Any(call => Ends(call.Call, name));

    private async Task<ClaimedOrder?> RunAsync()
    {
        using var lease = Orders.Lease(_ground.NewOrder(), _ground.Time);
        using var attempt = new RunningAttempt(lease, new WorkerSettings(HeartbeatSeconds: 30, LeaseSeconds: 90, 600), () => { }, _stop.Token);
        return await _ground.NewRunner(_deletions).RunAsync(attempt, CancellationToken.None);
    }
}

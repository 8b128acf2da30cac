using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

[Collection(nameof(FleetOfThree))]
public sealed class WorkerEndTests(ServerAlone server) : IClassFixture<ServerAlone>
{
    private VineFleet Vine => server.Vine;

    [Fact]
    public async Task Task_IsDoneByAnotherWorker_WhenItsWorkerIsKilledWhileAskingAndTheLeaseLapses()
    {
        var asked = false;
        var script = ModelScript.Named("worker-killed").ThenAlways(_ =>
        {
            var again = asked;
            asked = true;
            return again ? Reply.Finish("Done by the other.") : AgentReply.Ask("Shall I?", "Yes", "No");
        });
        var worker = Vine.AddWorker("killed");
        var task = await Vine.FileAsync(script);
        var request = await task.AsksAsync();
        await task.MovesToAsync(AgentTaskStatus.Waiting);
        var execution = await task.ExecutionAsync();

        worker.Kill();
        await VineFleet.NoProcessIsLeftAsync(execution.Id);
        await task.MovesToAsync(AgentTaskStatus.Queued);
        Assert.Contains((AgentTaskStatus.Waiting, AgentTaskStatus.Queued), task.Moves);
        Assert.Equal(RequestStatus.Cancelled, (await task.RequestAsync(request.Id)).Status);
        Assert.Equal(ExecutionStatus.Lost, (await task.ExecutionAsync()).Status);
        var session = Assert.Single((await Vine.Client.ListSessionsAsync(null, task.Id, null, CancellationToken.None)).Items);
        Assert.True(session.Status is SessionStatus.Idle or SessionStatus.Terminated, $"The lost session is shown as {session.Status}.");

        var other = Vine.AddWorker("other");
        Assert.Equal("Done by the other.", (await task.MovesToAsync(AgentTaskStatus.Completed)).Result!.Summary);
        Assert.Equal(0, await other.StopAsync());
    }

    [Fact]
    public async Task Task_IsQueuedAtOnce_WhenItsKilledWorkerIsStartedAnew()
    {
        var gates = new[] { new Gate(), new Gate() };
        var number = -1;
        string? last = null;
        var script = ModelScript.Named("worker-anew").Then(it =>
        {
            number += it.SessionId == last ? 0 : 1;
            last = it.SessionId;
            return Reply.Say("Working.").Hold(gates[number]);
        });
        var worker = Vine.AddWorker("anew");
        var task = await Vine.FileAsync(script);
        await ReachedAsync(gates[0]);
        worker.Kill();

        worker = Vine.AddWorker("anew");
        await task.MovesToAsync(AgentTaskStatus.Queued);
        gates[1].Open();
        Assert.Equal(2, (await task.MovesToAsync(AgentTaskStatus.Completed)).Attempt);
        Assert.Equal(0, await worker.StopAsync());
    }

    [Fact]
    public async Task Worker_FinishesWhatRunsAndLeaves_WhenTerminatedOnce()
    {
        var gate = new Gate();
        var worker = Vine.AddWorker("drained");
        var task = await Vine.FileAsync(ModelScript.Named("drained").Then(Reply.Say("Working.").Hold(gate)));
        await ReachedAsync(gate);
        worker.Terminate();
        await DrainsAsync("drained");
        Assert.False(worker.HasExited);

        gate.Open();
        await task.MovesToAsync(AgentTaskStatus.Completed);
        Assert.Equal(0, await worker.ExitCodeAsync());
        Assert.DoesNotContain(await Vine.Client.ListWorkersAsync(CancellationToken.None), listed => listed.Name == "drained");
    }

    [Fact]
    public async Task Worker_HandsBackWhatRuns_WhenTerminatedTwice()
    {
        var gate = new Gate();
        var worker = Vine.AddWorker("hurried");
        var task = await Vine.FileAsync(
            ModelScript.Named("hurried").Then(Reply.Say("Working.").Hold(gate)), request => request with { MaxAttempts = 1 });
        await ReachedAsync(gate);
        worker.Terminate();
        await DrainsAsync("hurried");
        worker.Terminate();
        Assert.Equal(0, await worker.ExitCodeAsync());

        await task.MovesToAsync(AgentTaskStatus.Queued);
        var execution = await task.ExecutionAsync();
        Assert.Equal(ExecutionStatus.Interrupted, execution.Status);
        await VineFleet.NoProcessIsLeftAsync(execution.Id);

        // With one attempt allowed, a burnt one would have failed the task.
        gate.Open();
        var next = Vine.AddWorker("unhurried");
        await task.MovesToAsync(AgentTaskStatus.Completed);
        Assert.Equal(0, await next.StopAsync());
    }

    private Task DrainsAsync(string worker) => Vine.WaitForAsync(
        () => Task.FromResult(Vine.Events.All.FirstOrDefault(happened =>
            happened.Type == EventTypes.WorkerStatusChanged
            && happened.Data!.Value.GetProperty("name").GetString() == worker
            && happened.Data.Value.GetProperty("to").GetString() == "draining")),
        $"worker {worker} drains");

    private static Task ReachedAsync(Gate gate) => gate.Reached.WaitAsync(TimeSpan.FromSeconds(120), TimeProvider.System);
}

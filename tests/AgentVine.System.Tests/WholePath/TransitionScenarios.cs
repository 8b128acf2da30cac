using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

/// <summary>What tasks and requests go through, each with a real agent.</summary>
internal sealed class TransitionScenarios(VineFleet vine)
{
    public async Task AcceptedAsync()
    {
        var task = await vine.FileAsync(ModelScript.Named("accepted").Then(Reply.Finish("Look at it.")), Supervised);
        await task.MovesToAsync(AgentTaskStatus.InReview);
        await vine.Client.AcceptTaskAsync(task.Id, "Fine.", CancellationToken.None);
        await task.MovesToAsync(AgentTaskStatus.Completed);
    }

    public async Task RejectedThenCancelledAsync()
    {
        var script = ModelScript.Named("rejected")
            .Then(AgentReply.Commit("work.txt", "spaces"))
            .Then(Reply.Finish("Look at it."))
            .ThenAlways(it => it.LastToolResult == "spaces" ? Reply.Finish(it.LastToolResult)
                : it.LastUserText.Contains("Use tabs.", StringComparison.Ordinal) ? AgentReply.Bash("cat work.txt")
                : Reply.Finish("Nobody said what to change."));
        var task = await vine.FileAsync(script, request => request with { PermissionLevel = PermissionLevel.HumanRequired });
        await task.IsAllowedAsync();
        await task.MovesToAsync(AgentTaskStatus.InReview);

        await vine.Client.RejectTaskAsync(task.Id, "Use tabs.", CancellationToken.None);
        await task.MovesToAsync(AgentTaskStatus.Queued);
        Assert.Equal("spaces", (await task.MovesToAsync(AgentTaskStatus.InReview)).Result!.Summary);

        await vine.Client.CancelTaskAsync(task.Id, null, CancellationToken.None);
        await task.MovesToAsync(AgentTaskStatus.Cancelled);
    }

    public async Task OverloadedThenCompletedAsync()
    {
        var script = ModelScript.Named("overloaded").ThenAlways(it => it.LastUserText.Contains("You are back", StringComparison.Ordinal)
            ? Reply.Finish("The second time it worked.")
            : Fault.Overloaded);
        var task = await vine.FileAsync(script);
        var queued = await task.MovesToAsync(AgentTaskStatus.Queued);
        Assert.Equal(FailureKind.Transient, queued.Error!.Kind);
        Assert.Equal(2, (await task.MovesToAsync(AgentTaskStatus.Completed)).Attempt);
    }

    public async Task FailedThenRetriedThenCancelledAsync()
    {
        // Not by the account, which the other scenarios' tasks need.
        var task = await vine.FileAsync(ModelScript.Named("too-long").ThenAlways(Fault.PromptTooLong));
        Assert.Equal(FailureKind.Permanent, (await task.MovesToAsync(AgentTaskStatus.Failed)).Error!.Kind);
        await vine.Client.RetryTaskAsync(task.Id, CancellationToken.None);
        await task.MovesToAsync(AgentTaskStatus.Queued);
        await task.MovesToAsync(AgentTaskStatus.Failed);
        await vine.Client.CancelTaskAsync(task.Id, null, CancellationToken.None);
        await task.MovesToAsync(AgentTaskStatus.Cancelled);
    }

    public async Task BlockedAsync()
    {
        var gate = new Gate();
        var first = await vine.FileAsync(ModelScript.Named("depended-on").Then(Reply.Say("Soon.").Hold(gate)));
        var second = await vine.FileAsync(ModelScript.Named("dependent").Then(Reply.Finish("Then I.")), request => request with { DependsOn = [first.Id] });
        var third = await vine.FileAsync(ModelScript.Named("given-up").Then(Reply.Finish("Never.")), request => request with { DependsOn = [first.Id] });
        Assert.Equal(AgentTaskStatus.Blocked, (await second.ViewAsync()).Status);
        await vine.Client.CancelTaskAsync(third.Id, null, CancellationToken.None);
        await third.MovesToAsync(AgentTaskStatus.Cancelled);
        gate.Open();
        await first.MovesToAsync(AgentTaskStatus.Completed);
        await second.MovesToAsync(AgentTaskStatus.Queued);
        await second.MovesToAsync(AgentTaskStatus.Completed);
    }

    public async Task EditedAsync()
    {
        // No worker of the fleet has a program for this runtime, so that it stays where it is.
        var first = await vine.FileAsync(ModelScript.Named("waited-for").Then(Reply.Finish("Never.")), request => request with { Runtime = RuntimeNames.Command });
        var task = await vine.FileAsync(ModelScript.Named("edited").Then(Reply.Finish("Never.")), request => request with { Runtime = RuntimeNames.Command });
        await vine.Client.UpdateTaskAsync(task.Id, new UpdateTaskRequest { Priority = TaskPriority.High, DependsOn = [first.Id] }, CancellationToken.None);
        await task.MovesToAsync(AgentTaskStatus.Blocked);
        await vine.Client.UpdateTaskAsync(task.Id, new UpdateTaskRequest { DependsOn = [] }, CancellationToken.None);
        await task.MovesToAsync(AgentTaskStatus.Queued);
        foreach (var each in new[] { task, first })
        {
            await vine.Client.UpdateTaskAsync(each.Id, new UpdateTaskRequest { Status = AgentTaskStatus.Cancelled }, CancellationToken.None);
            await each.MovesToAsync(AgentTaskStatus.Cancelled);
        }
    }

    public async Task CancelledAtWorkAsync()
    {
        var gate = new Gate();
        var task = await vine.FileAsync(ModelScript.Named("cancelled-at-work").Then(Reply.Say("Working.").Hold(gate)));
        await ReachedAsync(gate);
        await vine.Client.CancelTaskAsync(task.Id, null, CancellationToken.None);
        await task.MovesToAsync(AgentTaskStatus.Cancelled);
        var execution = await task.EndsAsync();
        Assert.Equal(ExecutionStatus.Cancelled, execution.Status);
        await VineFleet.NoProcessIsLeftAsync(execution.Id);
    }

    public async Task CancelledWhileAskingAsync()
    {
        var task = await vine.FileAsync(ModelScript.Named("cancelled-asking").Then(AgentReply.Ask("Which?", "One", "Another")));
        var request = await task.AsksAsync();
        await vine.Client.CancelTaskAsync(task.Id, null, CancellationToken.None);
        await task.MovesToAsync(AgentTaskStatus.Cancelled);
        Assert.Equal(RequestStatus.Cancelled, (await task.RequestAsync(request.Id)).Status);
        await task.EndsAsync();
    }

    public async Task InterruptedAtWorkAsync()
    {
        var gate = new Gate();
        var task = await vine.FileAsync(
            ModelScript.Named("interrupted").Then(Reply.Say("Working.").Hold(gate)).ThenAlways(it => Reply.Finish($"Told: {it.LastUserText}")));
        await ReachedAsync(gate);
        await vine.Client.InterruptExecutionAsync((await task.ExecutionAsync()).Id, CancellationToken.None);
        var whatNow = await task.AsksAndGetsAsync(new RequestAnswer { Text = "Go another way." });
        Assert.Equal(RequestKind.Question, whatNow.Kind);
        Assert.Equal("Told: Go another way.", (await task.MovesToAsync(AgentTaskStatus.Completed)).Result!.Summary);
        Assert.NotNull((await task.RequestAsync(whatNow.Id)).DeliveredAt);
    }

    public async Task InterruptedWhileAskingAsync()
    {
        var task = await vine.FileAsync(
            ModelScript.Named("withdrawn").Then(AgentReply.Bash("echo never > never.txt")).ThenAlways(Reply.Finish("Without it, then.")));
        var permission = await task.AsksAsync();
        await vine.Client.InterruptExecutionAsync((await task.ExecutionAsync()).Id, CancellationToken.None);
        await task.AsksAndGetsAsync(new RequestAnswer { Text = "Do without." });
        Assert.Null((await task.MovesToAsync(AgentTaskStatus.Completed)).Result!.Commit);
        Assert.Equal(RequestStatus.Cancelled, (await task.RequestAsync(permission.Id)).Status);
    }

    public async Task DiedWhileAskingAsync()
    {
        var task = await vine.FileAsync(
            ModelScript.Named("died-asking").ThenAlways(AgentReply.Ask("Shall I?", "Yes", "No")), request => request with { MaxAttempts = 2 });
        foreach (var end in new[] { AgentTaskStatus.Queued, AgentTaskStatus.Failed })
        {
            var request = await task.AsksAsync();
            VineFleet.KillAgent((await task.ExecutionAsync()).Id);
            await task.MovesToAsync(end);
            Assert.Equal(RequestStatus.Cancelled, (await task.RequestAsync(request.Id)).Status);
        }
    }

    public Task CompletedWhileAskingAsync() => EndsWhileAskingAsync("completed-asking", PermissionLevel.Autonomous, AgentTaskStatus.Completed);

    public Task HandedInWhileAskingAsync() => EndsWhileAskingAsync("handed-in-asking", PermissionLevel.Supervised, AgentTaskStatus.InReview);

    public async Task PermissionsAsync()
    {
        var task = await vine.FileAsync(ModelScript.Named("permissions")
            .Then(AgentReply.Bash("echo as asked > changed.txt"))
            .Then(AgentReply.Bash("echo at all > denied.txt"))
            .Then(it => Reply.Say(it.LastToolResult).Tool("Bash", new { command = "echo first > first.txt", description = "First" }))
            .Then(AgentReply.Bash("echo second > second.txt"))
            .Then(Reply.Finish("All done.")));
        var changed = JsonSerializer.SerializeToElement(new { command = "echo as changed > changed.txt", description = "Changed" });
        await task.AsksAndGetsAsync(new RequestAnswer { Decision = AnswerDecision.Allow, UpdatedInput = changed });
        await task.AsksAndGetsAsync(new RequestAnswer { Decision = AnswerDecision.Deny, Reason = "Not in this house." });
        await task.AsksAndGetsAsync(new RequestAnswer { Decision = AnswerDecision.Allow, Scope = GrantScope.Session });
        await task.MovesToAsync(AgentTaskStatus.Completed);

        var diff = await task.DiffAsync();
        Assert.Contains("+as changed", diff, StringComparison.Ordinal);
        Assert.Contains("b/second.txt", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("denied.txt", diff, StringComparison.Ordinal);
        Assert.Equal(3, (await vine.Client.ListRequestsAsync(null, task.Id, null, CancellationToken.None)).Items.Count);
        Assert.Contains("Not in this house.", vine.Model.Calls.Of("permissions")[^1].ToolResults);
    }

    public async Task ReviewAsync()
    {
        var task = await vine.FileAsync(
            ModelScript.Named("review")
                .Then(Reply.Tool("Write", new { file_path = "README.md", content = "changed" }))
                .Then(AgentReply.Bash("echo changed > README.md"))
                .Then(Reply.Tool("Read", new { file_path = "README.md" }))
                .Then(Reply.Finish("README.md:1 says too little.")),
            request => request with { TaskType = TaskType.Review });
        var done = await task.MovesToAsync(AgentTaskStatus.Completed);
        Assert.Equal("README.md:1 says too little.", done.Result!.Summary);
        Assert.Null(done.WorkBranch);
        Assert.Null(done.Result.Commit);
        var results = vine.Model.Calls.Of("review")[^1].ToolResults;
        Assert.All(results.Take(2), result => Assert.Contains("No such tool", result, StringComparison.Ordinal));
    }

    // An agent cannot end its turn while it waits for a tool; somebody who has its attempt's token can ask in its name meanwhile.
    private async Task EndsWhileAskingAsync(string name, PermissionLevel level, AgentTaskStatus end)
    {
        var gate = new Gate();
        var task = await vine.FileAsync(ModelScript.Named(name).Then(Reply.Say("Nearly done.").Hold(gate)), request => request with { PermissionLevel = level });
        await ReachedAsync(gate);
        var told = (await AgentToken.OfAsync(vine, task)).AskHumanAsync("Is anybody there?");
        await task.MovesToAsync(AgentTaskStatus.Waiting);
        var request = await task.AsksAsync();
        gate.Open();
        await task.MovesToAsync(end);
        Assert.Equal(RequestStatus.Cancelled, (await task.RequestAsync(request.Id)).Status);
        Assert.Contains("Nobody will answer", await told, StringComparison.Ordinal);
    }

    private static CreateTaskRequest Supervised(CreateTaskRequest request) => request with { PermissionLevel = PermissionLevel.Supervised };

    private static Task ReachedAsync(Gate gate) => gate.Reached.WaitAsync(TimeSpan.FromSeconds(120), TimeProvider.System);
}

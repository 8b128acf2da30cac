using System.Text.Json;
using AgentVine.Contracts.Conversations;
using AgentVine.ScriptedModel;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

public sealed class PermissionTests : ClaudeTests
{
    [Fact]
    public async Task Permission_DecidesWhatRuns_ByEachKindOfAnswer()
    {
        var (run, seen) = await Bench.StartAsync(ModelScript.Named("four-commands")
            .Then(Bash("echo as asked > changed"))
            .Then(Bash("echo at all > denied"))
            .Then(it => Reply.Say(it.LastToolResult).Tool("Bash", new { command = "echo first > first" }))
            .Then(Bash("echo second > second"))
            .Then(Reply.Finish("All done.")));

        var changed = await seen.NextAsync<AgentAsked>();
        Assert.Equal(RequestKind.Permission, changed.Kind);
        Assert.Equal("Bash: echo as asked > changed", changed.Title);
        Assert.Equal("What the test asks for", changed.Body);
        Assert.Equal(("Bash", "echo as asked > changed"), (changed.Tool!.Name, changed.Tool.Summary));
        Assert.Equal("echo as asked > changed", changed.Tool.Input!.Value.GetProperty("command").GetString());
        var input = JsonSerializer.SerializeToElement(new { command = "echo as changed > changed" });
        Assert.True(await run.AnswerAsync(changed.RequestId, new RequestAnswer { Decision = AnswerDecision.Allow, UpdatedInput = input }, CancellationToken.None));

        var denied = await seen.NextAsync<AgentAsked>();
        await run.AnswerAsync(denied.RequestId, new RequestAnswer { Decision = AnswerDecision.Deny, Reason = "Not in this house." }, CancellationToken.None);

        var session = await seen.NextAsync<AgentAsked>();
        var forSession = new RequestAnswer { Decision = AnswerDecision.Allow, Scope = GrantScope.Session };
        await run.AnswerAsync(session.RequestId, forSession, CancellationToken.None);

        Assert.Equal("All done.", (await EndsAsync(seen)).Summary);
        Assert.Equal(3, seen.Signals.OfType<AgentAsked>().Count());
        Assert.Equal("as changed\n", await File.ReadAllTextAsync(Path.Combine(Bench.Clone, "changed")));
        Assert.False(File.Exists(Path.Combine(Bench.Clone, "denied")));
        Assert.True(File.Exists(Path.Combine(Bench.Clone, "second")));
        Assert.Contains(Bench.Model.Calls.All[^1].ToolResults, result => result == "Not in this house.");
    }

    [Fact]
    public async Task Permission_IsWithdrawn_WhenTheTurnIsInterrupted()
    {
        Bench.Model.Add(ModelScript.Named("after").Then(Reply.Finish("Going on.")));
        var (run, seen) = await Bench.StartAsync(ModelScript.Named("one-command").Then(Bash("echo never > never")));
        var asked = await seen.NextAsync<AgentAsked>();

        await run.InterruptAsync(CancellationToken.None);

        Assert.Equal(asked.RequestId, (await seen.NextAsync<AgentWithdrew>()).RequestId);
        Assert.True((await EndsAsync(seen)).Interrupted);
        Assert.False(await run.AnswerAsync(asked.RequestId, new RequestAnswer { Decision = AnswerDecision.Allow }, CancellationToken.None));
        await run.SendMessageAsync("Never mind, do [[after]].", CancellationToken.None);
        Assert.Equal("Going on.", (await EndsAsync(seen)).Summary);
        Assert.False(File.Exists(Path.Combine(Bench.Clone, "never")));
    }

    [Fact]
    public async Task Permission_StaysAnswerable_WhenTheAgentIsKilled()
    {
        var (run, seen) = await Bench.StartAsync(ModelScript.Named("one-command").Then(Bash("echo never > never")));
        await seen.NextAsync<AgentAsked>();

        await run.KillAsync(CancellationToken.None);

        Assert.NotNull((await seen.ToEndAsync()).Failure);
        Assert.Empty(seen.Signals.OfType<AgentWithdrew>());
    }
}

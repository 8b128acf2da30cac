using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

/// <summary>The real Claude Code, whose conversation of one task serves the next one like it.</summary>
public sealed class ReuseTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Reuse = new() { ["VINE_SESSIONS__REUSE_FOR_SIMILAR_TASKS"] = "true" };

    private VineFleet _vine = null!;

    public async ValueTask InitializeAsync()
    {
        _vine = await VineFleet.ServeAsync(Reuse);
        _vine.AddWorker("reusing");
    }

    public ValueTask DisposeAsync() => _vine?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Session_ServesTheNextTaskLikeIt_OnFreshFiles()
    {
        var first = await DoneAsync("first-of-two", "first.txt");
        await VineFleet.NoProcessIsLeftAsync((await first.ExecutionAsync()).Id);
        Assert.Equal(SessionStatus.Idle, Assert.Single((await _vine.Client.ListSessionsAsync(null, first.Id, null, CancellationToken.None)).Items).Status);

        var second = await DoneAsync("second-of-two", "second.txt");

        var session = Assert.Single((await _vine.Client.ListSessionsAsync(null, null, null, CancellationToken.None)).Items);
        Assert.Equal((2, second.Id, SessionStatus.Idle), (session.TasksServed, session.TaskId, session.Status));
        Assert.True(session.ContextTokens > 0 && session.ContextWindow > session.ContextTokens, $"{session.ContextTokens} of {session.ContextWindow} tokens");
        Assert.Equal((await first.ViewAsync()).SessionId, (await second.ViewAsync()).SessionId);
        Assert.Contains(_vine.Model.Calls.Of("second-of-two")[0].UserTexts, text => text.Contains("[[first-of-two]]", StringComparison.Ordinal));
        var diff = await second.DiffAsync();
        Assert.Contains("second.txt", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("first.txt", diff, StringComparison.Ordinal);

        await _vine.Client.StopSessionAsync(session.Id, CancellationToken.None);
        Assert.Equal(SessionEndReason.Cancelled, (await _vine.Client.GetSessionAsync(session.Id, CancellationToken.None)).EndReason);
    }

    private async Task<FiledTask> DoneAsync(string name, string file)
    {
        var task = await _vine.FileAsync(ModelScript.Named(name).Then(AgentReply.Bash($"ls > {file}")).Then(Reply.Finish("Done.")));
        await task.IsAllowedAsync();
        await task.MovesToAsync(AgentTaskStatus.Completed);
        return task;
    }
}

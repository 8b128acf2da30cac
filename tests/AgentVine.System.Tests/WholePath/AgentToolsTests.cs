using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

/// <summary>What the real Claude Code says to others through the <c>vine</c> MCP server.</summary>
public sealed class AgentToolsTests(ServerAlone server) : IClassFixture<ServerAlone>
{
    private VineFleet Vine => server.Vine;

    [Fact]
    public async Task Agent_FilesATaskForAnotherAgent_WhichBeginsWhenItsOwnIsCompleted()
    {
        var worker = Vine.AddWorker("filing");
        Vine.Model.Add(ModelScript.Named("filed-by-agent").Then(AgentReply.Bash("cat mine.txt")).ThenAlways(it => Reply.Finish($"Found: {it.LastToolResult}")));
        var wish = new { title = "Go on from here", description = "Please play [[filed-by-agent]].", task_type = "test", depends_on_me = true };
        var parent = await Vine.FileAsync(
            ModelScript.Named("files-a-task")
                .Then(AgentReply.Commit("mine.txt", "from-the-parent"))
                .Then(Reply.Tool("mcp__vine__create_subtask", wish))
                .Then(Reply.Tool("mcp__vine__create_subtask", wish))
                .Then(Reply.Tool("mcp__vine__create_subtask", new { title = "Too much", description = "x", priority = "high" }))
                .Then(it => Reply.Finish(it.LastToolResult)));
        await parent.IsAllowedAsync();
        var done = await parent.MovesToAsync(AgentTaskStatus.Completed);

        Assert.Contains("priority high is above yours, which is normal", done.Result!.Summary, StringComparison.Ordinal);
        var subtask = new FiledTask(Vine, Assert.Single(done.Subtasks));
        var results = Vine.Model.Calls.Of("files-a-task")[^1].ToolResults;
        Assert.Equal(2, results.Count(result => result.Contains($"\"id\":\"{subtask.Id}\"", StringComparison.Ordinal) && result.Contains("\"status\":\"blocked\"", StringComparison.Ordinal)));
        var view = await subtask.MovesToAsync(AgentTaskStatus.Completed);
        Assert.Equal((parent.Id, TaskType.Test, "Go on from here"), (view.ParentId, view.TaskType, view.Title));
        Assert.Contains("Found: from-the-parent", view.Result!.Summary, StringComparison.Ordinal);
        Assert.Equal(0, await worker.StopAsync());
    }

    [Fact]
    public async Task Agent_WritesToThePeopleOfItsTask_AndGoesOn()
    {
        var worker = Vine.AddWorker("writing");
        var task = await Vine.FileAsync(
            ModelScript.Named("writes")
                .Then(Reply.Tool("mcp__vine__send_message", new { content = "The tests were red **before** me." }))
                .Then(Reply.Tool("mcp__vine__send_message", new { content = "The tests were red **before** me." }))
                .Then(Reply.Tool("mcp__vine__send_message", new { content = new string('x', 20_001) }))
                .Then(it => Reply.Finish(it.LastToolResult)));
        var done = await task.MovesToAsync(AgentTaskStatus.Completed);

        Assert.Contains("content must be 1 to 20000 characters", done.Result!.Summary, StringComparison.Ordinal);
        var message = Assert.Single((await Vine.Client.ListMessagesAsync(task.Id, null, CancellationToken.None)).Items);
        Assert.Equal(("agent", "The tests were red **before** me."), (message.Author, message.Content));
        Assert.Contains(Vine.Events.All, happened => happened.Type == "message.posted" && happened.TaskId == task.Id && happened.Data!.Value.GetProperty("author").GetString() == "agent");
        Assert.Equal(0, await worker.StopAsync());
    }
}

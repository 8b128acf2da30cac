using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

[Collection(nameof(FleetOfThree))]
public sealed class WholePathTests(FleetOfThree fleet)
{
    private const string Summary = "The API has authentication.";
    private const string Remark = "Please use RS256.";

    private VineFleet Vine => fleet.Vine;

    [Fact]
    public async Task Task_ComesBackAsABranch_WhenFiledByThePublishedCurl()
    {
        var gate = new Gate();
        Vine.Untagged = Playing(
            AgentReply.Commit("auth.py", "def login(): pass"),
            AgentReply.Ask("Which algorithm?", "HS256", "RS256"),
            AgentReply.AskHuman("How long shall a token live?", "an hour", "a day"),
            AgentReply.Progress("Half of it is there.", 50),
            Reply.Say("Nearly there.").Hold(gate).Tool("mcp__vine__get_task", new { }),
            Reply.Finish(Summary));

        var task = await FileByCurlAsync();
        var permission = await task.IsAllowedAsync();
        Assert.Equal("Bash", permission.Tool!.Name);
        var choice = await task.AsksAndGetsAsync(Answer("Which algorithm?", "RS256"));
        var free = await task.AsksAndGetsAsync(new RequestAnswer { Text = "a week" });
        await gate.Reached;
        var message = await Vine.Client.PostMessageAsync(new PostMessageRequest { TaskId = task.Id, Content = Remark }, null, CancellationToken.None);
        await Vine.WaitForAsync(() => Task.FromResult(Of(task, EventTypes.MessageDelivered).FirstOrDefault()), $"message {message.Id} is delivered");
        gate.Open();
        var done = await task.MovesToAsync(AgentTaskStatus.Completed);

        await HandedBackAsync(task, done);
        await OnRecordAsync(task, done);
        var heard = Vine.Model.Calls.All.Where(call => call.SessionId == done.SessionId).ToList();
        Assert.Contains(heard[^1].ToolResults, result => result.Contains("RS256", StringComparison.Ordinal));
        Assert.Contains("a week", heard[^1].ToolResults);
        Assert.Contains(heard[^1].UserTexts, text => text.Contains(Remark, StringComparison.Ordinal));
        foreach (var request in new[] { permission, choice, free })
        {
            var closed = await task.RequestAsync(request.Id);
            Assert.Equal((RequestStatus.Answered, "key:run"), (closed.Status, closed.DecidedBy));
            Assert.NotNull(closed.DeliveredAt);
        }
    }

    [Fact]
    public async Task Tasks_RunThreeAtATime_WhenThereAreThreeWorkers()
    {
        var gates = new[] { new Gate(), new Gate(), new Gate() };
        var tasks = await Task.WhenAll(gates.Select((gate, number) => Vine.FileAsync(
            ModelScript.Named($"at-a-time-{number}").Then(AgentReply.Commit($"{number}.txt", $"{number}")).Then(Reply.Say("Done soon.").Hold(gate)))));
        await Task.WhenAll(tasks.Select(task => task.IsAllowedAsync()));

        await Task.WhenAll(gates.Select(gate => gate.Reached)).WaitAsync(TimeSpan.FromSeconds(120), TimeProvider.System);
        Assert.Equal(3, (await Task.WhenAll(tasks.Select(task => task.ViewAsync()))).Select(task => task.WorkerId).Distinct().Count());
        Array.ForEach(gates, gate => gate.Open());

        foreach (var (task, number) in tasks.Select((task, number) => (task, number)))
        {
            await task.MovesToAsync(AgentTaskStatus.Completed);
            Assert.Contains($"b/{number}.txt", await task.DiffAsync(), StringComparison.Ordinal);
            await VineFleet.NoProcessIsLeftAsync((await task.ExecutionAsync()).Id);
        }
    }

    // The published command, but for the server's port and the repository.
    private async Task<FiledTask> FileByCurlAsync()
    {
        var body = """{"title":"Implement user authentication","description":"Add JWT-based authentication to the API","task_type":"feature","priority":"normal","repository_url":"https://github.com/your/repo","branch_name":"main"}"""
            .Replace("https://github.com/your/repo", Vine.Repository.Folder, StringComparison.Ordinal);
        var server = $"http://localhost:{Vine.Client.Server.Port}";
        var filed = await PlainProgram.RunAsync(
            "curl", "--silent", "--fail-with-body", "-X", "POST", $"{server}/api/v1/tasks", "-H", "Content-Type: application/json", "-d", body);
        var id = JsonSerializer.Deserialize<TaskView>(filed, VineJson.Options)!.Id;
        foreach (var list in new[] { "tasks", "sessions", "queue/status", "workers" })
        {
            await PlainProgram.RunAsync("curl", "--silent", "--fail-with-body", $"{server}/api/v1/{list}");
        }

        return new FiledTask(Vine, id);
    }

    private async Task HandedBackAsync(FiledTask task, TaskView done)
    {
        Assert.Equal(Summary, done.Result!.Summary);
        Assert.StartsWith("vine/", done.WorkBranch, StringComparison.Ordinal);
        Assert.Contains("+def login(): pass", await task.DiffAsync(), StringComparison.Ordinal);

        await Vine.Repository.GitAsync("fetch", "--quiet", $"{Vine.DataFolder}/repositories/{done.RepositoryId}.git", done.WorkBranch!);
        Assert.Equal(done.Result.Commit, await Vine.Repository.GitAsync("rev-parse", "FETCH_HEAD"));
        Assert.Equal("Add auth.py", await Vine.Repository.GitAsync("log", "--format=%s", "main..FETCH_HEAD"));
        Assert.Equal("def login(): pass", await Vine.Repository.GitAsync("show", "FETCH_HEAD:auth.py"));
    }

    private async Task OnRecordAsync(FiledTask task, TaskView done)
    {
        var execution = await task.ExecutionAsync();
        var output = await task.OutputAsync();
        Assert.Equal(Enumerable.Range(1, (int)execution.OutputCount).Select(n => (long)n), output.Select(line => line.N));
        Assert.Contains(output, line => line.Kind == OutputKind.User && line.Text == Remark);
        Assert.Equal(ExecutionStatus.Completed, execution.Status);
        Assert.True(done.Result!.CostUsd > 0);
        Assert.True(done.Result.Tokens!.Input > 0 && done.Result.Tokens.Output > 0);
        Assert.Equal("Half of it is there.", Assert.Single(Of(task, EventTypes.ExecutionProgress)).Data!.Value.GetProperty("message").GetString());
        var session = Assert.Single((await Vine.Client.ListSessionsAsync(null, task.Id, null, CancellationToken.None)).Items);
        Assert.Equal(done.SessionId, session.SessionId);
        var events = Vine.Events.All;
        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(happened => happened.Sequence));
        await VineFleet.NoProcessIsLeftAsync(execution.Id);
    }

    private IEnumerable<EventView> Of(FiledTask task, string type) =>
        Vine.Events.All.Where(happened => happened.TaskId == task.Id && happened.Type == type);

    private static RequestAnswer Answer(string question, string answer) => new() { Answers = new Dictionary<string, string> { [question] = answer } };

    private static Func<ScriptContext, ModelReply> Playing(params ModelReply[] steps) => context => steps[Math.Min(context.Step, steps.Length - 1)];
}

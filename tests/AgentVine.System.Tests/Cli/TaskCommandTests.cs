using System.Text;
using System.Text.Json;
using AgentVine.Cli;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using Xunit;

namespace AgentVine.System.Tests.Cli;

public sealed class TaskCommandTests : IDisposable
{
    private static readonly TaskView Task = Views.Task();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vine-cli-");

    [Fact]
    public async Task Add_SendsWhatWasTyped()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("POST /api/v1/tasks", Task, 201);

        var run = await CommandLineRun.Of(
            api, "task", "add", "@title", "--repo", "https://github.com/your/repo", "-b", "main", "--type", "bugfix", "--priority", "high",
            "--permission", "human-required", "--runtime", "rehearsal", "--model", "m", "--timeout", "90m", "-d", "all of it", "--payload", "{\"a\":1}");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.StartsWith("filed 9f3a1c22  Implement user authentication\n", run.Out, StringComparison.Ordinal);
        var sent = api.AllReceived[0].Read<CreateTaskRequest>();
        Assert.Equal(("@title", "https://github.com/your/repo", "main"), (sent.Title, sent.RepositoryUrl, sent.BranchName));
        Assert.Equal((TaskType.Bugfix, TaskPriority.High, PermissionLevel.HumanRequired), (sent.TaskType, sent.Priority, sent.PermissionLevel));
        Assert.Equal(("rehearsal", "m", 5400, "all of it"), (sent.Runtime, sent.Model, sent.Timeout, sent.Description));
        Assert.Equal(1, sent.Payload!.Value.GetProperty("a").GetInt32());
    }

    [Fact]
    public async Task Add_NamesTheRepositorysRoot_FromAFolderInIt()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("POST /api/v1/tasks", Task, 201);
        _folder.CreateSubdirectory(".git");
        var inside = _folder.CreateSubdirectory("src");
        var setup = new CommandLineRun.Setup { Server = api.Url, WorkingDirectory = inside.FullName, Input = "from standard input" };

        var run = await setup.RunAsync("task", "add", "title", "--description", "-", "--json");

        var sent = api.AllReceived[0].Read<CreateTaskRequest>();
        Assert.Equal((_folder.FullName, "from standard input"), (sent.RepositoryUrl, sent.Description));
        Assert.Equal(Task.Id, run.Json.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Add_SendsNothing_WhenTheFolderIsNoRepository()
    {
        await using var api = await FakeApi.StartAsync();
        var setup = new CommandLineRun.Setup { Server = api.Url, WorkingDirectory = _folder.FullName };

        var run = await setup.RunAsync("task", "add", "title");

        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Out));
        Assert.StartsWith($"vine: {_folder.FullName} is in no git repository", run.Error, StringComparison.Ordinal);
        Assert.Empty(api.AllReceived);
    }

    [Fact]
    public async Task Add_TakesAbbreviatedDependencies()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/tasks", new[] { Task, Views.Task("00000abc") });
        api.Reply("POST /api/v1/tasks", Task, 201);

        await CommandLineRun.Of(api, "task", "add", "t", "--repo", "https://h/r", "--depends-on", "00000abc", "--depends-on", "9f3a1c22");

        Assert.Equal([Views.Id("00000abc"), Task.Id], api.ReceivedOn("POST /api/v1/tasks")[0].Read<CreateTaskRequest>().DependsOn);
    }

    [Fact]
    public async Task List_ShowsOneLineATask()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/tasks", new[] { Task with { Status = AgentTaskStatus.InProgress } });

        var run = await CommandLineRun.Of(api, "task", "list", "--status", "in_progress");

        Assert.Equal(["ID", "STATUS", "TITLE", "REPOSITORY", "BRANCH", "AGE"], run.Lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("9f3a1c22  in progress  Implement user authentication  your/repo   main    ", run.Lines[1], StringComparison.Ordinal);
        Assert.Contains("status=in_progress", api.AllReceived[0].Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ShortensTheTitle_WhereTheTerminalIsNarrow()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/tasks", new[] { Task with { Title = new string('x', 200) } });

        var run = await new CommandLineRun.Setup { Server = api.Url, Terminal = true, Columns = 60 }.RunAsync("task", "list");

        Assert.All(run.Lines, line => Assert.True(line.Length <= 60, line));
        Assert.Contains("…", run.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_GivesTheArrayAlone_WithJson()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/tasks", new[] { Task, Views.Task("00000abc") });

        var run = await CommandLineRun.Of(api, "task", "list", "-n", "1", "--json");

        Assert.Equal(Task.Id, Assert.Single(run.Json.EnumerateArray()).GetProperty("id").GetGuid());
        Assert.Equal("queued", run.Json[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task List_SaysSoOnStandardError_WhenThereIsNothing()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/tasks", Array.Empty<TaskView>());

        var run = await CommandLineRun.Of(api, "task", "list");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Out));
        Assert.StartsWith("no tasks", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_TellsStateResultAndNextStep()
    {
        await using var api = await FakeApi.StartAsync();
        var done = Task with
        {
            Status = AgentTaskStatus.Completed,
            WorkBranch = $"vine/{Task.Id}",
            Result = new TaskResult { Summary = "Added it.", Commit = "abc", DiffStat = new DiffStat(3, 120, 4), CostUsd = 0.12m },
        };
        api.Reply($"GET /api/v1/tasks/{Task.Id}", done).Reply($"GET /api/v1/tasks/{Task.Id}/executions", new[] { Views.Execution(Task, 3) });

        var run = await CommandLineRun.Of(api, "task", "show", Task.Id.ToString());

        Assert.Contains($"vine/{Task.Id}", run.Out, StringComparison.Ordinal);
        Assert.Contains("3 files, +120 −4", run.Out, StringComparison.Ordinal);
        Assert.Contains("completed, 2m on worker-1", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("see the change with: vine task diff 9f3a1c22\n", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9f3a1c22", ExitCode.Ok, "")]
    [InlineData("0197f0c0", ExitCode.Usage, "fits the ids of 2 tasks")]
    [InlineData("dddddddd", ExitCode.NotFound, "there is no task whose id begins or ends with 'dddddddd'")]
    [InlineData("xyz", ExitCode.Usage, "'xyz' is no id")]
    public async Task Id_MayBeAbbreviated_WhileOneAloneFits(string text, ExitCode code, string words)
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/tasks", new[] { Task, Views.Task("00000abc") });
        api.Reply($"GET /api/v1/tasks/{Task.Id}", Task);

        var run = await CommandLineRun.Of(api, "task", "show", text, "--json");

        Assert.Equal(code, run.Code);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_PassesBytesThrough()
    {
        await using var api = await FakeApi.StartAsync();
        var bytes = new byte[] { (byte)'+', 0xff, 0x1b, (byte)'\r', (byte)'\n' };
        api.On($"GET /api/v1/tasks/{Task.Id}/diff", context => context.Response.Body.WriteAsync(bytes).AsTask());

        var run = await CommandLineRun.Of(api, "task", "diff", Task.Id.ToString());

        Assert.Equal(Encoding.UTF8.GetString(bytes), run.Out);
    }

    [Theory]
    [InlineData("cancel", "--reason", "late")]
    [InlineData("accept", "--comment", "fine")]
    [InlineData("reject", "shorter")]
    [InlineData("retry")]
    public async Task Decision_ShowsWhereTheTaskStands(string verb, params string[] words)
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply($"POST /api/v1/tasks/{Task.Id}/{verb}", Task);

        var run = await CommandLineRun.Of(api, ["task", verb, Task.Id.ToString(), .. words]);

        Assert.Equal("9f3a1c22 is queued  Implement user authentication\n", run.Out);
        Assert.Contains(words.LastOrDefault() ?? "", api.AllReceived[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_TellToolCallsInOneLine_AndWordsInFull()
    {
        await using var api = await FakeApi.StartAsync();
        Serve(
            api,
            Task,
            Views.Line(1, OutputKind.Note, "clone made"),
            Views.Line(2, OutputKind.Text, "I will\nlook."),
            Views.Line(3, OutputKind.ToolUse, "Bash: npm test"),
            Views.Line(4, OutputKind.ToolResult, "ok 1\nok 2\nok 3"),
            Views.Line(5, OutputKind.System, "machinery"),
            Views.Line(6, OutputKind.Result, "I will\nlook."));

        var run = await CommandLineRun.Of(api, "task", "logs", Task.Id.ToString());

        var lines = run.Lines.Select(line => line.Length > 8 && line[2] == ':' ? line[8..] : line);
        Assert.Equal(
            ["── attempt 1 · worker-1 · claude-code ──", " · clone made", "   I will", "           look.", " → Bash: npm test", "   ok 1 … (+2 lines)", " · end of turn"],
            lines);
    }

    [Fact]
    public async Task Logs_FollowUntilTheTaskIsOver_AndTellWhatItWaitsFor()
    {
        await using var api = await FakeApi.StartAsync();
        var turns = 0;
        Serve(api, Task, Views.Line(1, OutputKind.Text, "hello"));
        api.On($"GET /api/v1/tasks/{Task.Id}", context => FakeApi.WriteAsync(context, 200, "application/json", Task with
        {
            Status = ++turns switch { 1 => AgentTaskStatus.InProgress, 2 => AgentTaskStatus.Waiting, _ => AgentTaskStatus.Failed },
            Error = new TaskError { Kind = FailureKind.Permanent, Message = "no credit" },
        }));
        api.Reply("GET /api/v1/requests", new[] { Views.Request(RequestKind.Permission) });

        var run = await CommandLineRun.Of(api, "task", "logs", "-f", Task.Id.ToString());

        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.Single(run.Lines, line => line.EndsWith("   hello", StringComparison.Ordinal));
        Assert.Contains("● waiting", run.Out, StringComparison.Ordinal);
        Assert.Contains("vine inbox answer 1a2b3c4d", run.Out, StringComparison.Ordinal);
        Assert.Contains("● failed: no credit", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_GoOn_WhenTheServerRestarts()
    {
        await using var api = await FakeApi.StartAsync();
        Serve(api, Task, Views.Line(1, OutputKind.Text, "before"));
        api.Reply($"GET /api/v1/tasks/{Task.Id}", Task with { Status = AgentTaskStatus.InProgress });
        var route = $"GET /api/v1/executions/{Views.Execution(Task, 1).Id}/output";

        var following = CommandLineRun.Of(api, "task", "logs", "-f", Task.Id.ToString());
        while (api.ReceivedOn(route).Count == 0)
        {
            await global::System.Threading.Tasks.Task.Yield();
        }

        await api.DownAsync();
        Serve(api, Task, Views.Line(1, OutputKind.Text, "before"), Views.Line(2, OutputKind.Text, "after"));
        api.Reply($"GET /api/v1/tasks/{Task.Id}", Task with { Status = AgentTaskStatus.Completed });
        await api.UpAsync();
        var run = await following;

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Single(run.Lines, line => line.EndsWith("   before", StringComparison.Ordinal));
        Assert.Single(run.Lines, line => line.EndsWith("   after", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Logs_AreOneObjectALine_WhenFollowedWithJson()
    {
        await using var api = await FakeApi.StartAsync();
        Serve(api, Task, Views.Line(1, OutputKind.Text, "one"), Views.Line(2, OutputKind.Text, "two"));
        api.Reply($"GET /api/v1/tasks/{Task.Id}", Task with { Status = AgentTaskStatus.Completed });

        var run = await CommandLineRun.Of(api, "task", "logs", "-f", Task.Id.ToString(), "--json");

        Assert.Equal(["one", "two"], run.Lines.Select(line => JsonElement.Parse(line).GetProperty("text").GetString()));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Serve(FakeApi api, TaskView task, params OutputLine[] lines)
    {
        var execution = Views.Execution(task, lines.Length);
        api.Reply($"GET /api/v1/tasks/{task.Id}/executions", new[] { execution });
        api.On($"GET /api/v1/executions/{execution.Id}/output", context =>
        {
            var after = long.Parse(context.Request.Query["after"].ToString(), null);
            return FakeApi.WriteAsync(context, 200, "application/json", lines.Where(line => line.N > after).ToArray());
        });
    }
}

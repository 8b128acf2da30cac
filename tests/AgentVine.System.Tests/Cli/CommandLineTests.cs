using AgentVine.Cli;
using AgentVine.Cli.Commands.Doctor;
using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using Xunit;

namespace AgentVine.System.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData(400, ExitCode.Usage)]
    [InlineData(401, ExitCode.Unauthorized)]
    [InlineData(403, ExitCode.Refused)]
    [InlineData(404, ExitCode.NotFound)]
    [InlineData(409, ExitCode.Refused)]
    [InlineData(500, ExitCode.Failed)]
    public async Task Refusal_IsOneLineAndAnExitCode(int status, ExitCode code)
    {
        await using var api = await FakeApi.StartAsync();
        api.Refuse("GET /api/v1/workers", status, "some.code", "The value, the rule, the next step.");

        var run = await CommandLineRun.Of(api, "workers", "--json");

        Assert.Equal((code, ""), (run.Code, run.Out));
        Assert.StartsWith("vine: The value, the rule, the next step.", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Count(character => character == '\n'));
    }

    [Fact]
    public async Task MissingServer_IsSaidWithTheNextStep()
    {
        var api = await FakeApi.StartAsync();
        await api.DisposeAsync();

        var run = await CommandLineRun.Of(api, "task", "list");

        Assert.Equal(ExitCode.Unreachable, run.Code);
        Assert.Contains("start one with `vine up`", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", ExitCode.Ok)]
    [InlineData("task", ExitCode.Ok)]
    [InlineData("task add --help", ExitCode.Ok)]
    [InlineData("nonsense", ExitCode.Usage)]
    [InlineData("task lst", ExitCode.Usage)]
    [InlineData("task add", ExitCode.Usage)]
    [InlineData("task add t --type nonsense", ExitCode.Usage)]
    [InlineData("task list -n 0", ExitCode.Usage)]
    [InlineData("task list --server nonsense", ExitCode.Usage)]
    public async Task CommandLine_IsToldInOneLine_WhenItIsWrong(string line, ExitCode code)
    {
        var run = await new CommandLineRun.Setup().RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(code, run.Code);
        if (code == ExitCode.Ok)
        {
            Assert.Equal("", run.Error);
            Assert.Contains("Usage:", run.Out, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal("", run.Out);
            Assert.StartsWith("vine: ", run.Error, StringComparison.Ordinal);
            Assert.Equal(1, run.Error.Count(character => character == '\n'));
        }
    }

    [Fact]
    public async Task Colours_AreForTerminalsThatWantThem()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/tasks", new[] { Views.Task() });

        var plain = await CommandLineRun.Of(api, "task", "list");
        var coloured = await new CommandLineRun.Setup { Server = api.Url, Terminal = true, Colors = true }.RunAsync("task", "list");

        Assert.DoesNotContain('\u001b', plain.Out);
        Assert.Contains('\u001b', coloured.Out);
    }

    [Fact]
    public async Task Key_OfTheFlagIsSent_BeforeThatOfTheEnvironment()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/workers", Array.Empty<WorkerView>());
        var setup = new CommandLineRun.Setup { Server = api.Url, Environment = new() { ["VINE_API_KEY"] = "environment" } };

        await setup.RunAsync("workers");
        await setup.RunAsync("workers", "--key", "flag");

        Assert.Equal(["Bearer environment", "Bearer flag"], api.AllReceived.Select(received => received.Headers["Authorization"]));
    }

    [Fact]
    public async Task Workers_TellWhoIsBusy()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/workers", new[]
        {
            new WorkerView { Id = Views.Id("0000c001"), Name = "worker-1", Status = WorkerStatus.Busy, Slots = 2, Leased = 1, Runtimes = ["claude-code"], Sandbox = "bubblewrap", CreatedAt = Views.Then, LastSeenAt = Views.Then },
        });

        var run = await CommandLineRun.Of(api, "workers");

        Assert.StartsWith("worker-1  busy    1 of 2  claude-code  bubblewrap", run.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queue_TellsDepthsAndClosedAccounts()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/queue/status", new QueueStatus([new QueueDepth("default", 3, 0, 0, 1, 2, 90)], [new AccountStatus("claude", Views.Then, AccountState.Limited, "weekly limit")]));

        var run = await CommandLineRun.Of(api, "queue");

        Assert.Equal(["default", "3", "0", "0", "1", "2", "1m"], run.Lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("account claude takes no work until 2026-11-2", run.Lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_SayUntilWhenAndWhy()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/accounts", new[]
        {
            new AccountView
            {
                Name = "team", Kind = AccountKind.Subscription, Status = AccountState.Limited, ClosedUntil = Views.Then, Cause = FailureCause.RateLimited,
                Reason = "weekly\u001b[31m limit", Running = 2, SpentTodayUsd = 1.5m, Workers = [new AccountHolder(Views.Id("0000c001"), "worker-1", "claude-code", "0123abcd")],
            },
        });

        var run = await CommandLineRun.Of(api, "accounts");

        Assert.StartsWith("team  subscription  limited until 2026-11-2", run.Lines[1], StringComparison.Ordinal);
        Assert.Contains("2        $1.50  worker-1", run.Lines[1], StringComparison.Ordinal);
        Assert.Contains("weekly", run.Lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Lines[1]);
    }

    [Fact]
    public async Task Sessions_NameTheirTask()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/sessions", new[]
        {
            new SessionView { Id = Views.Id("0000b001"), SessionId = "s-1", TaskId = Views.Task().Id, ExecutionId = Views.Id("0000e001"), WorkerId = Views.Id("0000c001"), Runtime = "claude-code", Status = SessionStatus.Terminated, EndReason = SessionEndReason.Completed, CreatedAt = Views.Then, LastActivityAt = Views.Then, TasksServed = 1 },
        });

        var run = await CommandLineRun.Of(api, "sessions", "--status", "terminated");

        Assert.StartsWith("s-1      9f3a1c22  terminated (completed)  claude-code", run.Lines[1], StringComparison.Ordinal);
        Assert.Equal("?status=terminated", api.AllReceived[0].Query);
    }

    [Fact]
    public async Task Chat_PostsOnceUnderAKey_AndShowsTheConversation()
    {
        await using var api = await FakeApi.StartAsync();
        var task = Views.Task().Id;
        var message = new MessageView { Id = Views.Id("0000f001"), Sequence = 1, TaskId = task, Author = "person", Content = "use pnpm", CreatedAt = Views.Then };
        api.Reply("POST /api/v1/chat/messages", message, 201).Reply("GET /api/v1/chat/messages", new[] { message });

        var posted = await CommandLineRun.Of(api, "chat", task.ToString(), "use pnpm");
        var shown = await CommandLineRun.Of(api, "chat", task.ToString());

        Assert.Equal(ExitCode.Ok, posted.Code);
        Assert.Equal("use pnpm", api.AllReceived[0].Read<PostMessageRequest>().Content);
        Assert.True(api.AllReceived[0].Headers.ContainsKey("Idempotency-Key"));
        Assert.Contains("person  (not read yet)\n  use pnpm\n", shown.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_FailsWithACheck_AndSaysWhatToDo()
    {
        var setup = new CommandLineRun.Setup
        {
            Checks =
            [
                new Check("git", () => new DoctorResult(DoctorOutcome.Ok, "2.39.5")),
                new Check("sandbox", () => new DoctorResult(DoctorOutcome.Failed, "bubblewrap is missing", "apt-get install bubblewrap")),
                new Check("disk", () => throw new IOException("no such disk")),
            ],
        };

        var run = await setup.RunAsync("doctor");
        var json = await setup.RunAsync("doctor", "--json");

        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.Equal(["✓ git           2.39.5", "✗ sandbox       bubblewrap is missing", "                → apt-get install bubblewrap", "✗ disk          no such disk"], run.Lines);
        Assert.Equal(["ok", "failed", "failed"], json.Json.EnumerateArray().Select(check => check.GetProperty("outcome").GetString()));
    }

    private sealed class Check(string name, Func<DoctorResult> look) : IDoctorCheck
    {
        public string Name => name;

        public Task<DoctorResult> RunAsync(CancellationToken cancellationToken) => Task.FromResult(look());
    }
}

using AgentVine.Cli;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using Xunit;

namespace AgentVine.System.Tests.Cli;

public sealed class DeadCommandTests
{
    private static readonly TaskView Task = Views.Task(status: AgentTaskStatus.Failed) with
    {
        Attempt = 2,
        Error = new TaskError { Kind = FailureKind.Permanent, Cause = FailureCause.NoCredit, Message = "Credit balance is too low" },
    };

    private static readonly DeadLetterView Entry = new()
    {
        Id = Task.Id,
        Title = Task.Title,
        Cause = FailureCause.NoCredit,
        Words = "The account's credit is used up.",
        Message = "Credit balance is too low",
        Since = Views.Then,
        KeepUntil = Views.Then.AddDays(7),
        Task = Task,
    };

    private static readonly CaseFile File = new()
    {
        Entry = Entry,
        LastOutput = new CaseOutput(Views.Id("0000e001"), 2, 12, [Views.Line(13, OutputKind.Text, "I was \u001b[31mnearly done.")]),
        Attempts =
        [
            new CaseAttempt
            {
                Number = 2,
                ExecutionId = Views.Id("0000e001"),
                WorkerName = "night-1",
                StartedAt = Views.Then,
                EndedAt = Views.Then.AddMinutes(12),
                Status = ExecutionStatus.Failed,
                Error = Task.Error,
                CostUsd = 1.25m,
                Resumed = true,
                Checkpoint = 4,
                Branch = "vine/x",
                Commit = new string('c', 40),
            },
        ],
        Salvaged = new CaseSalvage
        {
            Branch = "vine/x",
            Commit = new string('c', 40),
            DiffStat = new DiffStat(2, 10, 1),
            HowToFetch = [new CaseAdvice("see what the branch changes", "vine task diff 9f3a1c22")],
        },
        ToTry = [new CaseAdvice("add credit at the provider, then open the account", "vine accounts open default")],
    };

    [Fact]
    public async Task List_ShowsWhatEndedEach_AndAsksPageByPage()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/queue/dead-letter", new[] { Entry });

        var run = await CommandLineRun.Of(api, "dead", "list", "--cause", "no_credit");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("9f3a1c22  Implement user authentication  no credit", run.Out, StringComparison.Ordinal);
        Assert.Contains("cause=no_credit", api.AllReceived[0].Query, StringComparison.Ordinal);
        Assert.Equal(Task.Id, (await CommandLineRun.Of(api, "dead", "list", "--json")).Json[0].GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Show_SaysWhyAndWhatToTryFirst_AndNothingThatMovesTheCursor()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply($"GET /api/v1/queue/dead-letter/{Task.Id}", File);

        var run = await CommandLineRun.Of(api, "dead", "show", $"{Task.Id}");

        Assert.Equal(ExitCode.Ok, run.Code);
        var places = new[] { "The account's credit is used up.", "vine accounts open default", "branch vine/x at cccccccccc: 2 files, +10 −1", "failed after 12m on night-1, resumed, checkpoint 4, branch, $1.25", "nearly done." }
            .Select(text => run.Out.IndexOf(text, StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.DoesNotContain('\u001b', run.Out);
        Assert.Equal(12, (await CommandLineRun.Of(api, "dead", "show", $"{Task.Id}", "--json")).Json.GetProperty("last_output").GetProperty("earlier").GetInt32());
    }

    [Fact]
    public async Task Requeue_SendsWhichAndHow_AndTellsWhatStays()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/tasks", new[] { Task });
        api.Reply("POST /api/v1/queue/dead-letter/requeue", new RequeueManyResponse(1, [Task.Id], [new RequeueRefusal(Views.Id("00000abc"), ErrorCodes.TasksTransition, "It is queued.")]));

        var run = await CommandLineRun.Of(api, "dead", "requeue", "9f3a1c22", $"{Views.Id("00000abc")}", "--session", "fresh");

        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Equal("00000abc stays: It is queued.\n1 task queued again\n", run.Out);
        var sent = api.ReceivedOn("POST /api/v1/queue/dead-letter/requeue")[0].Read<RequeueManyRequest>();
        Assert.Equal([Task.Id, Views.Id("00000abc")], sent.Ids);
        Assert.Equal((null, null, RequeueSession.Fresh), (sent.All, sent.Cause, sent.Session));

        api.Reply("POST /api/v1/queue/dead-letter/requeue", new RequeueManyResponse(0, [], []));
        await CommandLineRun.Of(api, "dead", "requeue", "--cause", "no_credit");
        sent = api.ReceivedOn("POST /api/v1/queue/dead-letter/requeue")[1].Read<RequeueManyRequest>();
        Assert.Equal((true, FailureCause.NoCredit, null), (sent.All, sent.Cause, sent.Ids));
        Assert.Equal(ExitCode.Usage, (await CommandLineRun.Of(api, "dead", "requeue")).Code);
        Assert.Equal(ExitCode.Usage, (await CommandLineRun.Of(api, "dead", "requeue", "9f3a1c22", "--all")).Code);
    }

    [Fact]
    public async Task Edit_SendsWhatWasTyped_AndNothingElse()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/tasks", new[] { Task, Views.Task("00000abc") });
        api.Reply($"PATCH /api/v1/tasks/{Task.Id}", Task with { Status = AgentTaskStatus.Blocked, StatusReason = "waits for \"another\"" });

        var run = await CommandLineRun.Of(
            api, "task", "edit", "9f3a1c22", "--priority", "high", "--timeout", "2h", "--budget", "2.50", "--depends-on", "00000abc");

        Assert.Equal("changed 9f3a1c22  Implement user authentication: blocked\n  waits for \"another\"\n", run.Out);
        var received = Assert.Single(api.ReceivedOn($"PATCH /api/v1/tasks/{Task.Id}"));
        var sent = received.Read<UpdateTaskRequest>();
        Assert.Equal((TaskPriority.High, 7200, 2.50m), (sent.Priority, sent.Timeout, sent.BudgetUsd));
        Assert.Equal([Views.Id("00000abc")], sent.DependsOn);
        Assert.DoesNotContain("title", received.Body, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await CommandLineRun.Of(api, "task", "edit", "9f3a1c22")).Code);
        Assert.Equal(ExitCode.Usage, (await CommandLineRun.Of(api, "task", "edit", "9f3a1c22", "--budget", "much")).Code);
    }
}

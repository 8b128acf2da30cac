using System.Text.Json;
using AgentVine.Cli;
using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Tasks;
using Xunit;

namespace AgentVine.System.Tests.Cli;

public sealed class InboxCommandTests
{
    private static readonly RequestView Permission = Views.Request(RequestKind.Permission) with
    {
        Tool = new RequestTool
        {
            Name = "Bash",
            Input = JsonElement.Parse("""{"command":"npm test\nrm -rf build","description":"Test it","timeout":5}"""),
        },
    };

    private static readonly RequestView Question = Views.Request(RequestKind.Question, "2b2b2b2b") with
    {
        Questions =
        [
            new RequestQuestion { Question = "Which colour?", Options = [new("Blue", "calm"), new("Red")] },
            new RequestQuestion { Question = "Which sizes?", Options = [new("S"), new("M"), new("L")], MultiSelect = true },
        ],
    };

    [Fact]
    public async Task Inbox_ListsAllThatADecisionNeeds_WithoutATerminal()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/requests", new[] { Question, Permission });

        var run = await CommandLineRun.Of(api, "inbox");

        Assert.Contains("    $ npm test\n    > rm -rf build\n    description: Test it\n    timeout: 5\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("    1  Blue  calm\n    2  Red\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("vine inbox answer 1a2b3c4d …    (y, session, or n and why)", run.Out, StringComparison.Ordinal);
        Assert.Contains("status=open", api.AllReceived[0].Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inbox_GivesTheArrayAlone_WithJson()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/requests", new[] { Permission });

        var run = await new CommandLineRun.Setup { Server = api.Url, Terminal = true }.RunAsync("inbox", "--json");

        Assert.Equal("permission", run.Json[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Inbox_AsksAgain_UntilTheAnswerIsOne()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/requests", new[] { Permission });
        api.Reply($"POST /api/v1/requests/{Permission.Id}/answer", Permission);

        var run = await Prompt(api, "maybe\ny sure\nn use pnpm\n");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("'maybe' is no answer to a permission", run.Out, StringComparison.Ordinal);
        Assert.Contains("a yes takes no words", run.Out, StringComparison.Ordinal);
        var answer = Assert.Single(api.ReceivedOn($"POST /api/v1/requests/{Permission.Id}/answer")).Read<RequestAnswer>();
        Assert.Equal((AnswerDecision.Deny, "use pnpm"), (answer.Decision, answer.Reason));
    }

    [Fact]
    public async Task Inbox_AsksEachQuestion_AndTakesNumbersOrWords()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/requests", new[] { Question });
        api.Reply($"POST /api/v1/requests/{Question.Id}/answer", Question);

        await Prompt(api, "something between\n1, 3\n");

        var answer = api.ReceivedOn($"POST /api/v1/requests/{Question.Id}/answer")[0].Read<RequestAnswer>();
        Assert.Equal("something between", answer.Answers!["Which colour?"]);
        Assert.Equal("S, L", answer.Answers["Which sizes?"]);
    }

    [Fact]
    public async Task Inbox_LeavesARequest_ForALineThatIsEmpty_AndEndsWithTheInput()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/requests", new[] { Permission, Question });

        var run = await Prompt(api, "\n");

        Assert.EndsWith("2 requests left open\n", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(api.AllReceived, received => received.Route.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inbox_GoesOn_WhenSomebodyWasFaster()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/requests", new[] { Permission });
        api.Refuse($"POST /api/v1/requests/{Permission.Id}/answer", 409, ErrorCodes.RequestsNotOpen, "It was answered by somebody.");

        var run = await Prompt(api, "y\n");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("It was answered by somebody.", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inbox_ShowsTheDiffOfAReview_BeforeTheDecision()
    {
        await using var api = await FakeApi.StartAsync();
        var review = Views.Request(RequestKind.Review);
        var task = Views.Task(status: AgentTaskStatus.InReview) with { Result = new TaskResult { DiffStat = new DiffStat(1, 2, 3) } };
        api.Reply("GET /api/v1/requests", new[] { review }).Reply($"GET /api/v1/tasks/{task.Id}", task);
        api.On($"GET /api/v1/tasks/{task.Id}/diff", context => context.Response.Body.WriteAsync("+a line\n"u8.ToArray()).AsTask());
        api.Reply($"POST /api/v1/requests/{review.Id}/answer", review);

        var run = await Prompt(api, "d\nn\nn shorter names\n");

        Assert.Contains("1 file, +2 −3", run.Out, StringComparison.Ordinal);
        Assert.Contains("+a line", run.Out, StringComparison.Ordinal);
        Assert.Contains("say what to change", run.Out, StringComparison.Ordinal);
        Assert.Equal("shorter names", api.ReceivedOn($"POST /api/v1/requests/{review.Id}/answer")[0].Read<RequestAnswer>().Comment);
    }

    [Fact]
    public async Task Inbox_ShowsControlCharacters_ThatWouldHideACommand()
    {
        await using var api = await FakeApi.StartAsync();
        var hidden = Permission with { Tool = new RequestTool { Name = "Bash", Input = JsonElement.Parse("""{"command":"rm -rf /\r\u001b[2Kecho hi \u202efdp"}""") } };
        api.Reply("GET /api/v1/requests", new[] { hidden });

        var run = await CommandLineRun.Of(api, "inbox");

        Assert.Contains("$ rm -rf /", run.Out, StringComparison.Ordinal);
        Assert.Contains("␛[2Kecho hi <U+202E>fdp", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
        Assert.DoesNotContain('\r', run.Out);
    }

    [Theory]
    [InlineData("1a2b3c4d y", """{"decision":"allow"}""")]
    [InlineData("1a2b3c4d session", """{"decision":"allow","scope":"session"}""")]
    [InlineData("1a2b3c4d no not now", """{"decision":"deny","reason":"not now"}""")]
    [InlineData("2b2b2b2b red 2", """{"answers":{"Which colour?":"Red","Which sizes?":"M"}}""")]
    public async Task Answer_TakesTheSameWordsAsThePrompt(string words, string body)
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/requests", new[] { Permission, Question });
        api.Reply($"POST /api/v1/requests/{Permission.Id}/answer", Permission).Reply($"POST /api/v1/requests/{Question.Id}/answer", Question);

        var run = await CommandLineRun.Of(api, ["inbox", "answer", .. words.Split(' ')]);

        Assert.Equal((ExitCode.Ok, body), (run.Code, api.AllReceived[^1].Body));
    }

    [Theory]
    [InlineData("1a2b3c4d maybe", "'maybe' is no answer to a permission")]
    [InlineData("2b2b2b2b 1", "there are 2 questions and 1 answers")]
    [InlineData("2b2b2b2b 7 1", "there is no option 7, but 1 to 2")]
    [InlineData("2b2b2b2b 1,2 1", "one option can be chosen here")]
    public async Task Answer_SendsNothing_WhenTheWordsAreNone(string words, string message)
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /api/v1/requests", new[] { Permission, Question });

        var run = await CommandLineRun.Of(api, ["inbox", "answer", .. words.Split(' ')]);

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Single(api.AllReceived);
    }

    private static Task<CommandLineRun> Prompt(FakeApi api, string input) =>
        new CommandLineRun.Setup { Server = api.Url, Terminal = true, Input = input }.RunAsync("inbox");
}

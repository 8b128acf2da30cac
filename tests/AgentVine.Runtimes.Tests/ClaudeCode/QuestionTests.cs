using AgentVine.Contracts.Conversations;
using AgentVine.ScriptedModel;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

public sealed class QuestionTests : ClaudeTests
{
    private static readonly object Colour = Question("Which colour?", "Colour", multiSelect: false, "Blue", "Red");
    private static readonly object Sizes = Question("Which sizes?", "Sizes", multiSelect: true, "S", "M", "L");

    [Fact]
    public async Task Question_TakesEveryFormOfAnswer()
    {
        var (run, seen) = await Bench.StartAsync(ModelScript.Named("questions")
            .Then(Ask(Colour, Sizes))
            .Then(Ask(Colour))
            .Then(Ask(Colour, Sizes))
            .Then(Ask(Colour))
            .Then(Reply.Finish("Thank you.")));

        var both = await seen.NextAsync<AgentAsked>();
        Assert.Equal((RequestKind.Question, "Which colour?"), (both.Kind, both.Title));
        Assert.Equal(["Which colour?", "Which sizes?"], both.Questions!.Select(question => question.Question));
        Assert.Equal(["Colour", "Sizes"], both.Questions!.Select(question => question.Header));
        Assert.Equal([false, true], both.Questions!.Select(question => question.MultiSelect));
        Assert.Equal([new QuestionOption("Blue", "About Blue"), new QuestionOption("Red", "About Red")], both.Questions![0].Options);
        await AnswerAsync(run, both, new() { Answers = new Dictionary<string, string> { ["Which colour?"] = "Blue", ["Which sizes?"] = "S, L" } });
        await AnswerAsync(run, await seen.NextAsync<AgentAsked>(), new() { Answers = new Dictionary<string, string> { ["Which colour?"] = "like the sky" } });
        await AnswerAsync(run, await seen.NextAsync<AgentAsked>(), new() { Text = "Ask the designer." });
        await AnswerAsync(run, await seen.NextAsync<AgentAsked>(), new() { Decision = AnswerDecision.Deny, Reason = "Nobody is in." });
        await EndsAsync(seen);

        var told = Bench.Model.Calls.All[^1].ToolResults;
        Assert.Contains("\"Which colour?\"=\"Blue\"", told[0]);
        Assert.Contains("\"Which sizes?\"=\"S, L\"", told[0]);
        Assert.Contains("like the sky", told[1]);
        Assert.Contains("Ask the designer.", told[2]);
        Assert.Contains("Nobody is in.", told[3]);
    }

    private static async Task AnswerAsync(IAgentRun run, AgentAsked asked, RequestAnswer answer) =>
        Assert.True(await run.AnswerAsync(asked.RequestId, answer, CancellationToken.None));

    private static ModelMessage Ask(params object[] questions) => Reply.Tool("AskUserQuestion", new { questions });

    private static object Question(string question, string header, bool multiSelect, params string[] labels) =>
        new { question, header, multiSelect, options = labels.Select(label => new { label, description = $"About {label}" }) };
}

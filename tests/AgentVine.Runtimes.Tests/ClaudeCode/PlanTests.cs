using System.Text.RegularExpressions;
using AgentVine.Contracts.Conversations;
using AgentVine.ScriptedModel;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

public sealed partial class PlanTests : ClaudeTests
{
    [Fact]
    public async Task Plan_IsRejectedAndApproved_WithWhatThePersonSays()
    {
        var (run, seen) = await Bench.StartAsync(ModelScript.Named("plan")
            .Then(Reply.Tool("EnterPlanMode", new { }))
            .Then(Reply.Tool("ExitPlanMode", new { plan = "# Rewrite it all\nIn one night." }))
            .Then(it => Reply.Tool("Write", new { file_path = PlanFile(it), content = "# Mend the one line\nAnd test it." }))
            .Then(Reply.Tool("ExitPlanMode", new { }))
            .ThenAlways(Reply.Finish("Off to work.")));

        var first = await seen.NextAsync<AgentAsked>();
        Assert.Equal((RequestKind.Approval, "Approve the plan: Rewrite it all …"), (first.Kind, first.Title));
        Assert.Equal("# Rewrite it all\nIn one night.", first.Body);
        var smaller = new RequestAnswer { Decision = AnswerDecision.Reject, Comment = "Smaller, please." };
        Assert.True(await run.AnswerAsync(first.RequestId, smaller, CancellationToken.None));

        var second = await seen.NextAsync<AgentAsked>();
        Assert.Equal("# Mend the one line\nAnd test it.", second.Body);
        var approved = new RequestAnswer { Decision = AnswerDecision.Approve, Comment = "Mind the tests." };
        Assert.True(await run.AnswerAsync(second.RequestId, approved, CancellationToken.None));
        Assert.Equal("Off to work.", (await EndsAsync(seen)).Summary);

        var last = Bench.Model.Calls.All[^1];
        Assert.Contains(last.ToolResults, result => result.Contains("Smaller, please.", StringComparison.Ordinal));
        Assert.Contains(last.ToolResults, result => result.Contains("approved", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(last.UserTexts, text => text.Contains("Mind the tests.", StringComparison.Ordinal));
    }

    // Claude Code names the file in a reminder beside the conversation.
    private static string PlanFile(ScriptContext context) => PlanPath().Match(context.Body.GetRawText()).Value;

    [GeneratedRegex(@"/[^\s""\\]+/\.claude/plans/[^\s""\\]+\.md")]
    private static partial Regex PlanPath();
}

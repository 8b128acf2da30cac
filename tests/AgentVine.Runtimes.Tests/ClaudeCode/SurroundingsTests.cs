using System.Runtime.Versioning;
using System.Text.Json;
using AgentVine.Contracts.Conversations;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Conformance;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

/// <summary>What the agent finds around it: the <c>vine</c> MCP server, the repository's instructions, and no secret where others can read it.</summary>
[SupportedOSPlatform("linux")]
public sealed class SurroundingsTests : ClaudeTests
{
    private const string Token = "vine-token-that-nobody-may-see";

    [Fact]
    public async Task McpServer_IsReachedWithItsToken_AndNoSecretShows()
    {
        await using var mcp = await McpStandIn.StartAsync();
        Bench.Options = Bench.Options with { AllowedTools = ["Bash"] };
        Bench.Model.Add(ModelScript.Named("ask")
            .Then(Reply.Tool("mcp__vine__ask_human", new { question = "May I?" }))
            .Then(Bash($"echo key $ANTHROPIC_API_KEY token {Token}"))
            .Then(it => Reply.Finish(it.ToolResults[0])));
        var launch = Bench.Launch("Please do [[ask]].") with { Mcp = new McpAccess(mcp.Url, Token) };
        var (_, seen) = await Bench.StartAsync(launch);

        await seen.NextAsync<AgentSessionStarted>();
        var processes = ExecutionProcesses.Of(launch.ExecutionId).ToList();
        var commandLines = processes.Select(CommandLine).ToList();
        var environments = processes.Select(process => File.ReadAllText($"/proc/{process}/environ")).ToList();
        var ended = await EndsAsync(seen);

        Assert.Equal("You may.", ended.Summary);
        Assert.Equal([$"Bearer {Token}"], mcp.Authorizations.Distinct());
        Assert.Empty(seen.Signals.OfType<AgentAsked>());
        Assert.Contains("mcp__vine__ask_human", Bench.Model.Calls.All[0].Tools);
        Assert.NotEmpty(commandLines);
        Assert.DoesNotContain(commandLines, line => line.Contains(Token, StringComparison.Ordinal) || line.Contains(Bench.Options.ApiKey!, StringComparison.Ordinal));
        Assert.DoesNotContain(environments, variables => variables.Contains(Token, StringComparison.Ordinal));
        Assert.True(seen.Says("key [secret] token [secret]"));
        Assert.False(seen.Says(Token) || seen.Says(Bench.Options.ApiKey!));
    }

    [Fact]
    public async Task McpServer_IsWaitedFor_WhenItIsAway()
    {
        await using var mcp = await McpStandIn.StartAsync(away: 3);
        Bench.Model.Add(ModelScript.Named("ask").Then(Reply.Tool("mcp__vine__ask_human", new { question = "May I?" })).Then(it => Reply.Finish(it.ToolResults[0])));
        var (_, seen) = await Bench.StartAsync(Bench.Launch("Please do [[ask]].") with { Mcp = new McpAccess(mcp.Url, Token) });

        Assert.Equal("You may.", (await EndsAsync(seen)).Summary);
    }

    [Fact]
    public async Task McpServer_LearnsThatNobodyWaits_WhenTheAgentIsKilled()
    {
        await using var mcp = await McpStandIn.StartAsync();
        mcp.Answers = false;
        Bench.Model.Add(ModelScript.Named("ask").Then(Reply.Tool("mcp__vine__ask_human", new { question = "May I?" })));
        var (run, seen) = await Bench.StartAsync(Bench.Launch("Please do [[ask]].") with { Mcp = new McpAccess(mcp.Url, Token) });
        await seen.NextAsync<AgentSessionStarted>();
        await mcp.Called.WaitAsync(TimeSpan.FromSeconds(120), TimeProvider.System);

        await run.KillAsync(CancellationToken.None);

        await mcp.HungUp.WaitAsync(TimeSpan.FromSeconds(120), TimeProvider.System);
    }

    [Fact]
    public async Task Repository_GivesInstructionsButNoSettings()
    {
        var settings = new
        {
            hooks = new { UserPromptSubmit = new[] { new { hooks = new[] { new { type = "command", command = "touch hooked" } } } } },
            permissions = new { allow = new[] { "Bash" } },
            env = new { ANTHROPIC_API_KEY = "of-somebody-else" },
        };
        await File.WriteAllTextAsync(Path.Combine(Bench.Clone, "CLAUDE.md"), "The secret of this house is tidiness.");
        Directory.CreateDirectory(Path.Combine(Bench.Clone, ".claude"));
        await File.WriteAllTextAsync(Path.Combine(Bench.Clone, ".claude", "settings.json"), JsonSerializer.Serialize(settings));
        var (run, seen) = await Bench.StartAsync(ModelScript.Named("look").Then(Bash("touch touched")).Then(Reply.Finish("Seen.")));

        var asked = await seen.NextAsync<AgentAsked>();
        await run.AnswerAsync(asked.RequestId, new RequestAnswer { Decision = AnswerDecision.Deny }, CancellationToken.None);
        await EndsAsync(seen);

        Assert.Contains(Bench.Model.Calls.All[0].UserTexts, text => text.Contains("tidiness", StringComparison.Ordinal));
        Assert.All(Bench.Model.Calls.All, call => Assert.Equal(Bench.Options.ApiKey, call.Credential));
        Assert.False(File.Exists(Path.Combine(Bench.Clone, "hooked")));
    }
}

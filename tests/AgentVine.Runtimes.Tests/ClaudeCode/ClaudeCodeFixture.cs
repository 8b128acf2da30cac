using AgentVine.Runtimes.ClaudeCode;
using AgentVine.Runtimes.Processes;
using AgentVine.Runtimes.Tests.Processes;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Conformance;
using AgentVine.Testing.Fleet;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

/// <summary>The real Claude Code under the suite of all runtimes; a scripted model plays the scenarios.</summary>
public abstract class ClaudeCodeFixture(SandboxKind kind) : IAgentRuntimeFixture, IAsyncLifetime
{
    private ScriptedModelServer _model = null!;

    public IAgentRuntime Runtime { get; private set; } = null!;

    public bool Plays(AgentScenario scenario) => true;

    public async ValueTask InitializeAsync()
    {
        _model = await ScriptedModelServer.StartAsync(new ScriptedModelOptions { Scripts = [.. Scripts()] }, CancellationToken.None);
        var options = new ClaudeCodeOptions
        {
            Program = ClaudeUnderTest.Path,
            BaseUrl = _model.BaseUrl,
            ApiKey = "sk-ant-of-no-account-at-all",
            AllowedTools = ["Bash"],
        };
        Runtime = new ClaudeCodeRuntime(options, TimeProvider.System, NullLogger.Instance);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _model.DisposeAsync();
    }

    public async Task<AgentLaunch> LaunchAsync(AgentScenario scenario, string workingDirectory, string stateDirectory) => new()
    {
        ExecutionId = Guid.NewGuid(),
        SessionId = Guid.NewGuid(),
        WorkingDirectory = workingDirectory,
        StateDirectory = stateDirectory,
        Instructions = $"Please do [[{TagOf(scenario)}]].",

        // Claude Code tells its standard error of a model that it does not know, which is how these words come there.
        Model = scenario == AgentScenario.EndsInsideATurn ? AgentWords.Cause : null,
        Processes = await Launchers.OfAsync(kind),
    };

    private static string TagOf(AgentScenario scenario) => scenario.ToString().ToLowerInvariant();

    private static ModelScript Script(AgentScenario scenario) => ModelScript.Named(TagOf(scenario));

    private static object Shell(string command) => new { command, description = "What the scenario asks for" };

    private static IEnumerable<ModelScript> Scripts()
    {
        yield return Script(AgentScenario.SaysLines)
            .Then(Reply.Say(AgentWords.Lines[0]).Say(AgentWords.Lines[1]).Tool("Bash", Shell("true")))
            .Then(Reply.Finish(AgentWords.Lines[2]));
        yield return Script(AgentScenario.Fails).Then(Fault.Status(400, "invalid_request_error", AgentWords.Cause));
        yield return Script(AgentScenario.EndsInsideATurn)
            .Then(Reply.Tool("Bash", Shell("kill -KILL $PPID")));
        yield return Script(AgentScenario.LeavesADetachedChild)
            .Then(Reply.Tool("Bash", Shell($"{AgentWords.DetachCommand} python3 -c 'import time; time.sleep(600)'")));
        yield return Script(AgentScenario.SaysALongLine).Then(Reply.Finish(AgentWords.LongLine));
        yield return Script(AgentScenario.AsksAQuestion).Then(Reply.Tool("AskUserQuestion", Question())).Then(it => Reply.Finish(it.LastToolResult));
        yield return Script(AgentScenario.AsksForPermission)
            .Then(Reply.Tool("WebFetch", new { url = "http://127.0.0.1:9/", prompt = AgentWords.AskedCommand }))
            .Then(it => Reply.Finish(it.LastToolResult.Contains("audit", StringComparison.Ordinal) ? it.LastToolResult : AgentWords.Allowed));
        yield return Script(AgentScenario.WaitsForMessages).Then(Reply.Finish(AgentWords.Ready)).ThenAlways(it => Reply.Finish(it.LastUserText));
        yield return Script(AgentScenario.WorksUntilInterrupted)
            .Then(Reply.Say(AgentWords.Ready).Hold(new Gate()))
            .ThenAlways(it => Reply.Finish(it.LastUserText));
        yield return Script(AgentScenario.PrintsItsEnvironment).Then(Reply.Tool("Bash", Shell("env"))).Then(Reply.Finish("That is all."));
    }

    private static object Question() => new
    {
        questions = new[]
        {
            new
            {
                question = AgentWords.Question,
                header = "Colour",
                multiSelect = false,
                options = new[]
                {
                    new { label = AgentWords.Red, description = "Like a rose" },
                    new { label = AgentWords.Blue, description = "Like the sea" },
                },
            },
        },
    };
}

public sealed class PlainClaudeCodeFixture() : ClaudeCodeFixture(SandboxKind.None);

public sealed class SandboxedClaudeCodeFixture() : ClaudeCodeFixture(SandboxKind.Bubblewrap);

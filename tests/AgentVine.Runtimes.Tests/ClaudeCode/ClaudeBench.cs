using AgentVine.Runtimes.ClaudeCode;
using AgentVine.Runtimes.Tests.Processes;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Conformance;
using AgentVine.Testing.Fleet;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

/// <summary>A scripted model and the folders of one agent: what a test needs to drive the real Claude Code.</summary>
public sealed class ClaudeBench : IAsyncLifetime
{
    private readonly List<IAgentRun> _runs = [];
    private DirectoryInfo _folder = null!;

    public ScriptedModelServer Model { get; private set; } = null!;

    public string Clone => Path.Combine(_folder.FullName, "clone");

    public string State => Path.Combine(_folder.FullName, "state");

    public ClaudeCodeOptions Options { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var program = ClaudeUnderTest.Path;
        _folder = Directory.CreateTempSubdirectory("vine-claude-");
        Directory.CreateDirectory(Clone);
        Directory.CreateDirectory(State);
        Model = await ScriptedModelServer.StartAsync(new ScriptedModelOptions(), CancellationToken.None);
        Options = new ClaudeCodeOptions
        {
            Program = program,
            BaseUrl = Model.BaseUrl,
            ApiKey = "sk-ant-of-no-account-at-all",
            MaxRetries = 1,
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var run in _runs)
        {
            await run.DisposeAsync();
        }

        await Model.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public AgentLaunch Launch(string instructions) => new()
    {
        ExecutionId = Guid.NewGuid(),
        SessionId = Guid.NewGuid(),
        WorkingDirectory = Clone,
        StateDirectory = State,
        Instructions = instructions,
        Processes = Launchers.Plain,
    };

    /// <summary>Starts an agent whose model follows this script.</summary>
    public Task<(IAgentRun Run, AgentTranscript Seen)> StartAsync(ModelScript script)
    {
        Model.Add(script);
        return StartAsync(Launch($"Please do [[{script.Name}]]."));
    }

    public async Task<(IAgentRun Run, AgentTranscript Seen)> StartAsync(AgentLaunch launch)
    {
        var run = await new ClaudeCodeRuntime(Options, TimeProvider.System, NullLogger.Instance).StartAsync(launch, CancellationToken.None);
        _runs.Add(run);
        return (run, new AgentTranscript(run));
    }
}

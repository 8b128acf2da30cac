using System.Text.Json;
using AgentVine.Runtimes.Command;
using AgentVine.Runtimes.Processes;
using AgentVine.Runtimes.Tests.Processes;
using AgentVine.Testing.Conformance;

namespace AgentVine.Runtimes.Tests.Command;

public abstract class CommandFixture(SandboxKind kind) : IAgentRuntimeFixture
{
    private static readonly Dictionary<AgentScenario, string> Scripts = new()
    {
        [AgentScenario.SaysLines] = string.Join("; ", AgentWords.Lines.Select(line => $"echo '{line}'")),
        [AgentScenario.Fails] = $"echo trying; echo '{AgentWords.Cause}' >&2; exit 3",
        [AgentScenario.EndsInsideATurn] = $"echo trying; echo '{AgentWords.Cause}' >&2; kill -KILL $$",
        [AgentScenario.LeavesADetachedChild] = $"{AgentWords.DetachCommand} sleep 600",
        [AgentScenario.SaysALongLine] = $"head -c {AgentWords.LongLine.Length} /dev/zero | tr '\\0' x; echo",
        [AgentScenario.PrintsItsEnvironment] = "env",
    };

    public IAgentRuntime Runtime { get; } = new CommandRuntime(
        [.. Scripts.Select(script => Program(script.Key, script.Value))]);

    public bool Plays(AgentScenario scenario) => Scripts.ContainsKey(scenario);

    public async Task<AgentLaunch> LaunchAsync(AgentScenario scenario, string workingDirectory, string stateDirectory) => new()
    {
        ExecutionId = Guid.NewGuid(),
        SessionId = Guid.NewGuid(),
        WorkingDirectory = workingDirectory,
        StateDirectory = stateDirectory,
        Instructions = "Do what your program does.",
        Payload = JsonSerializer.SerializeToElement(new { program = scenario.ToString() }),
        Processes = await Launchers.OfAsync(kind),
    };

    private static CommandProgram Program(AgentScenario scenario, string line) =>
        new() { Name = scenario.ToString(), FileName = "sh", Arguments = ["-c", line] };
}

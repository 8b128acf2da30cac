using System.Text.Json;
using AgentVine.Runtimes.Processes;
using AgentVine.Runtimes.Rehearsal;
using AgentVine.Runtimes.Tests.Processes;
using AgentVine.Testing.Conformance;

namespace AgentVine.Runtimes.Tests.Rehearsal;

public abstract class RehearsalFixture(SandboxKind kind) : IAgentRuntimeFixture
{
    private static readonly Dictionary<AgentScenario, object[]> Playbooks = new()
    {
        [AgentScenario.SaysLines] = [.. AgentWords.Lines.Select(line => new { say = line })],
        [AgentScenario.Fails] = [new { fail = new { kind = "transient", message = AgentWords.Cause } }],
        [AgentScenario.SaysALongLine] = [new { say = AgentWords.LongLine }],
        [AgentScenario.AsksAQuestion] = [new { ask = Question }],
        [AgentScenario.AsksForPermission] = [new { ask_permission = Permission }],
        [AgentScenario.WaitsForMessages] = [new { say = AgentWords.Ready }],
        [AgentScenario.WorksUntilInterrupted] = [new { say = AgentWords.Ready }, "hang"],
        [AgentScenario.PrintsItsEnvironment] = [new { run = "env" }],
        [AgentScenario.LeavesADetachedChild] = [new { run = $"{AgentWords.DetachCommand} sleep 600" }],
    };

    private static object Question => new { question = AgentWords.Question, options = new[] { AgentWords.Red, AgentWords.Blue } };

    private static object Permission =>
        new { tool = "Bash", input = new { command = AgentWords.AskedCommand }, then = new[] { new { say = AgentWords.Allowed } } };

    public IAgentRuntime Runtime { get; } = new RehearsalRuntime(TimeProvider.System);

    public bool Plays(AgentScenario scenario) =>
        Playbooks.ContainsKey(scenario)
        && (kind != SandboxKind.None || scenario is not (AgentScenario.PrintsItsEnvironment or AgentScenario.LeavesADetachedChild));

    public async Task<AgentLaunch> LaunchAsync(AgentScenario scenario, string workingDirectory, string stateDirectory) => new()
    {
        ExecutionId = Guid.NewGuid(),
        SessionId = Guid.NewGuid(),
        WorkingDirectory = workingDirectory,
        StateDirectory = stateDirectory,
        Instructions = "Play your part.",
        Payload = JsonSerializer.SerializeToElement(new { playbook = new { steps = Playbooks[scenario] } }),
        Processes = await Launchers.OfAsync(kind),
    };
}

using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos.Checks;

/// <summary>What stands beside a violation: the events of its task.</summary>
internal static class Evidence
{
    private const int MostEvents = 80;

    /// <summary>Where the work of a task stands in the server's repository.</summary>
    public static IEnumerable<string> RefsOf(string task) => [$"refs/heads/vine/{task}", $"refs/vine/wip/{task}", $"refs/vine/attempts/{task}"];

    public static string Of(ChaosFleet fleet, string? task) =>
        string.Join('\n', fleet.Journal.All.Where(fact => fact.Task == task).TakeLast(MostEvents));
}

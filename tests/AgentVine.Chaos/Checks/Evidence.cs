using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos.Checks;

/// <summary>What stands beside a violation: the events of its task.</summary>
internal static class Evidence
{
    private const int MostEvents = 80;

    public static string Of(ChaosFleet fleet, string? task) =>
        string.Join('\n', fleet.Journal.All.Where(fact => fact.Task == task).TakeLast(MostEvents));
}

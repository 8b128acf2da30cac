using AgentVine.Chaos.Faults;
using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos;

/// <summary>How often each place was struck, and what came of it.</summary>
internal sealed class Tally
{
    private readonly List<(PlannedFault Fault, bool Hit, IReadOnlyList<Work> Works)> _strikes = [];
    private readonly List<string> _skipped = [];

    public bool AnyMissed => _strikes.Any(strike => !strike.Hit);

    public void Add(PlannedFault fault, bool hit, IReadOnlyList<Work> works) => _strikes.Add((fault, hit, works));

    public void Skip(string what) => _skipped.Add(what);

    /// <summary>The table, from what the log says of the tasks that were filed for each strike.</summary>
    public IEnumerable<string> Table(IReadOnlyList<Fact> log)
    {
        yield return $"{"kind",-12}{"point",-30}{"struck",7}{"missed",7}   what came of it";
        foreach (var place in _strikes.GroupBy(strike => (strike.Fault.Place, strike.Fault.IsReal)).OrderBy(group => group.Key.Place.Kind).ThenBy(group => group.Key.IsReal))
        {
            var tasks = place.SelectMany(strike => strike.Works).Select(work => work.Id).ToHashSet();
            var ends = log.Where(fact => fact.Type == "execution.ended" && tasks.Contains(fact.Task!)).CountBy(fact => fact["status"]!).OrderBy(pair => pair.Key);
            var done = log.Where(fact => fact.Type == "task.status_changed" && fact["to"] == "completed" && tasks.Contains(fact.Task!)).DistinctBy(fact => fact.Task).Count();
            var point = place.Key.Place.Point + (place.Key.IsReal ? " (real)" : "");
            yield return $"{place.Key.Place.Kind.ToString().ToLowerInvariant(),-12}{point,-30}{place.Count(strike => strike.Hit),7}{place.Count(strike => !strike.Hit),7}   "
                + $"{done} of {tasks.Count} tasks completed; attempts: {string.Join(", ", ends.Select(pair => $"{pair.Value} {pair.Key}"))}";
        }

        foreach (var kind in _strikes.Where(strike => strike.Hit).CountBy(strike => strike.Fault.Place.Kind).OrderBy(pair => pair.Key))
        {
            yield return $"{kind.Key.ToString().ToLowerInvariant()}: {kind.Value} faults";
        }

        foreach (var what in _skipped)
        {
            yield return $"skipped: {what}";
        }
    }
}

using System.Collections.Concurrent;

namespace AgentVine.Chaos;

/// <summary>What was found wrong, each with its evidence.</summary>
internal sealed class Findings
{
    private readonly ConcurrentQueue<(string Rule, string What, string Evidence)> _all = new();

    public bool Any => !_all.IsEmpty;

    public IEnumerable<(string Rule, string What, string Evidence)> All => _all;

    /// <summary>Adds a violation of <paramref name="rule"/>, and says it at once.</summary>
    public void Add(string rule, string what, string evidence)
    {
        _all.Enqueue((rule, what, evidence));
        Console.WriteLine($"VIOLATION {rule}: {what}");
    }
}

namespace AgentVine.Chaos.Faults;

/// <summary>One fault of a plan: where, and all that is left to chance.</summary>
/// <param name="Number">Its place in the plan, from 1.</param>
/// <param name="Place">Where.</param>
/// <param name="IsReal">Whether its tasks are the real Claude Code's.</param>
/// <param name="Victim">Which worker, where it may be any.</param>
/// <param name="Pass">At which pass of the point.</param>
/// <param name="Delay">How long after what triggers it.</param>
/// <param name="Away">Whether what was killed comes back only when every lease would have run out.</param>
internal sealed record PlannedFault(int Number, FaultPlace Place, bool IsReal, int Victim, int Pass, TimeSpan Delay, bool Away)
{
    public override string ToString() =>
        $"{Number,3} {Place.Name}{(IsReal ? " (Claude Code)" : "")}, worker {Victim + 1}, pass {Pass}, after {Delay.TotalMilliseconds:0} ms{(Away ? ", back after a lease" : "")}";
}

namespace AgentVine.Bench;

/// <summary>A figure over several rounds, against the target that the project set itself.</summary>
internal sealed record Measurement(string Name, double Median, double Worst, double Target, string Unit)
{
    public static Measurement Of(string name, IEnumerable<double> samples, double target, string unit)
    {
        var sorted = samples.Order().ToList();
        return new Measurement(name, sorted[sorted.Count / 2], sorted[^1], target, unit);
    }
}

namespace AgentVine.Architecture.Tests;

/// <summary>A folder of the engine: one word, with its endpoints, rules and storage.</summary>
/// <param name="Name">The word: folder and namespace.</param>
/// <param name="Floor">It may use slices of lower floors.</param>
/// <param name="Duty">What it is for, in a line.</param>
public sealed record Slice(string Name, int Floor, string Duty)
{
    /// <summary>Slices of its own floor that it may use; never in a circle.</summary>
    public IReadOnlyList<string> Beside { get; init; } = [];

    /// <summary>Subfolders that others may use too; all others are private.</summary>
    public IReadOnlyList<string> Open { get; init; } = [];
}

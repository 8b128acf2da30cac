namespace AgentVine.Runtimes.Command;

/// <summary>A program that the <c>command</c> runtime may run. It comes from the worker's configuration, never from a task.</summary>
public sealed record CommandProgram
{
    /// <summary>What tasks choose it by: <c>{"program": "name"}</c> in their payload.</summary>
    public required string Name { get; init; }

    /// <summary>A full path, or a name on the <c>PATH</c> of the sandbox.</summary>
    public required string FileName { get; init; }

    /// <summary>Passed as they are; never through a shell.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Added to the clean environment that every agent starts with.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Folders and files that it needs to read beyond the system's programs and the clone.</summary>
    public IReadOnlyList<string> ReadOnly { get; init; } = [];
}

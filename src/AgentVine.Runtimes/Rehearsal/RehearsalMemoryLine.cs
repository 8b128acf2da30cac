namespace AgentVine.Runtimes.Rehearsal;

/// <summary>A line of a rehearsal's transcript; one of its members is set.</summary>
internal sealed record RehearsalMemoryLine
{
    /// <summary>This step is done.</summary>
    public string? Done { get; init; }

    /// <summary>This step's question was put to people.</summary>
    public string? Asked { get; init; }

    /// <summary>This step was given leave.</summary>
    public string? Allowed { get; init; }

    /// <summary>Leave for this tool holds for the session.</summary>
    public string? Granted { get; init; }

    /// <summary>The playbook's turn ended.</summary>
    public bool Over { get; init; }

    /// <summary>A task begins.</summary>
    public bool Task { get; init; }
}

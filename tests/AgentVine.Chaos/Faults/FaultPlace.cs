using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos.Faults;

/// <summary>A named place where the suite strikes.</summary>
internal sealed record FaultPlace(FaultKind Kind, string Point, Strike Strike, WorkShape Shape)
{
    /// <summary>The name of the product's fault point, or the event in the log at which it is struck.</summary>
    public required string Trigger { get; init; }

    /// <summary>Whether questions are left open until it was struck.</summary>
    public bool Holds { get; init; }

    /// <summary>Whether the workers stand still until the restarted server was looked at, so that they mend nothing before.</summary>
    public bool IsLookedAtAlone { get; init; }

    /// <summary>Whether a real Claude Code can be struck there.</summary>
    public bool TakesRealAgents { get; init; }

    /// <summary>Whether a rehearsing agent can: it has a process of its own only while it runs a command.</summary>
    public bool TakesRehearsals { get; init; } = true;

    public string Name => $"{Kind.ToString().ToLowerInvariant()}: {Point}";
}

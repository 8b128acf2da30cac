namespace AgentVine.Testing.Conformance;

/// <summary>The words that scenarios are made of.</summary>
public static class AgentWords
{
    public const string Cause = "the disk of agent 4711 is full";
    public const string Question = "Which colour shall the button have?";
    public const string Red = "Red";
    public const string Blue = "Blue";
    public const string AskedCommand = "deploy --to production";
    public const string Allowed = "the deployment was allowed";
    public const string Ready = "ready for orders";

    /// <summary>Leaves a process of another session, without a parent, that says so in the file <c>detached</c>.</summary>
    public const string DetachCommand = "setsid sh -c 'echo here > detached; exec sleep 600' </dev/null >/dev/null 2>&1 &";

    public static IReadOnlyList<string> Lines { get; } = ["the first line", "the second line", "the third line"];

    /// <summary>Well above any pipe's buffer, well below the drivers' limit of a line.</summary>
    public static string LongLine { get; } = new('x', 500_000);
}

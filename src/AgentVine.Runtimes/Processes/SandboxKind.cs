namespace AgentVine.Runtimes.Processes;

/// <summary>The sandbox that a worker is asked for.</summary>
public enum SandboxKind
{
    /// <summary>bubblewrap where it works, else none.</summary>
    Auto,

    /// <summary>bubblewrap; an error where it does not work.</summary>
    Bubblewrap,

    /// <summary>None: agents see what the worker sees.</summary>
    None,
}

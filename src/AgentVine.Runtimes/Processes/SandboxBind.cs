namespace AgentVine.Runtimes.Processes;

/// <summary>A folder or file of the host that a sandbox shows.</summary>
internal sealed record SandboxBind(string Source, string Target, bool Writable);

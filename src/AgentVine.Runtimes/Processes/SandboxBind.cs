namespace AgentVine.Runtimes.Processes;

/// <summary>A folder or file of the host that a sandbox shows.</summary>
/// <param name="Source">As the host names it.</param>
/// <param name="Target">As the sandbox names it.</param>
/// <param name="Writable">Whether the agent may write there.</param>
/// <param name="Private">Whether it may lie where only this program's user can reach it.</param>
internal sealed record SandboxBind(string Source, string Target, bool Writable, bool Private);

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>A Claude Code program on this machine.</summary>
/// <param name="Path">The native binary itself, not a link or a wrapper to it: a sandbox binds this file.</param>
/// <param name="Version">For example <c>2.1.330</c>.</param>
public sealed record ClaudeProgram(string Path, string Version);

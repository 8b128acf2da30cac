using System.Text.Json;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>One line of Claude Code's standard output.</summary>
/// <param name="Raw">The line; a very long one is cut, with a mark that says so.</param>
/// <param name="Document">The whole line as JSON; null when it is none, or was too long to be read at all. The reader disposes it.</param>
internal sealed record ClaudeLine(string Raw, JsonDocument? Document);

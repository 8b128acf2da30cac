using System.Text.Json;

namespace AgentVine.Chaos.Fleet;

/// <summary>An answer of the server; the sequence is that of a list's snapshot.</summary>
internal sealed record ApiAnswer(int Status, JsonElement Body, long? Sequence);

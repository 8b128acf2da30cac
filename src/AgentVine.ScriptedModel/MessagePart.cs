using System.Text.Json;

namespace AgentVine.ScriptedModel;

internal abstract record MessagePart;

internal sealed record TextPart(string Text) : MessagePart;

internal sealed record ThinkingPart(string Text) : MessagePart;

internal sealed record ToolPart(string Name, JsonElement Input) : MessagePart;

internal sealed record HoldPart(Func<CancellationToken, Task> Wait) : MessagePart;

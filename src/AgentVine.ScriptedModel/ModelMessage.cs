using System.Text.Json;

namespace AgentVine.ScriptedModel;

/// <summary>An assistant message of text, thinking and tool calls, streamed in that order. Immutable: each call returns a longer message.</summary>
public sealed record ModelMessage : ModelReply
{
    internal ModelMessage()
    {
    }

    internal IReadOnlyList<MessagePart> Parts { get; init; } = [];

    internal string? StopReason { get; init; }

    internal ModelUsage? Usage { get; init; }

    /// <summary>Appends words.</summary>
    public ModelMessage Say(string text) => With(new TextPart(text));

    /// <summary>Appends thoughts.</summary>
    public ModelMessage Think(string text) => With(new ThinkingPart(text));

    /// <summary>Appends a tool call; <paramref name="input"/> is serialised as JSON with its members' own names.</summary>
    public ModelMessage Tool(string name, object input) => With(new ToolPart(name, JsonSerializer.SerializeToElement(input)));

    /// <summary>Streams nothing more until <paramref name="gate"/> is open.</summary>
    public ModelMessage Hold(Gate gate) => With(new HoldPart(gate.PassAsync));

    /// <summary>Streams nothing more until <paramref name="wait"/> completes.</summary>
    public ModelMessage Hold(Func<CancellationToken, Task> wait) => With(new HoldPart(wait));

    /// <summary>Reports these token counts in place of estimates from the text's length.</summary>
    public ModelMessage Using(ModelUsage usage) => this with { Usage = usage };

    internal ModelMessage StoppedBy(string reason) => this with { StopReason = reason };

    private ModelMessage With(MessagePart part) => this with { Parts = [.. Parts, part] };
}

namespace AgentVine.ScriptedModel;

internal sealed record StatusReply(int Status, string Type, string Message) : ModelReply
{
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}

internal sealed record DroppedReply : ModelReply;

internal sealed record SilentReply : ModelReply;

internal sealed record MalformedReply : ModelReply;

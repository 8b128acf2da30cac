namespace AgentVine.ScriptedModel;

internal sealed record StatusReply(int Status, string Type, string Message) : ModelReply
{
    public TimeSpan? RetryAfter { get; init; }
}

internal sealed record DroppedReply : ModelReply;

internal sealed record SilentReply : ModelReply;

internal sealed record MalformedReply : ModelReply;

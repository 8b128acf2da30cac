namespace AgentVine.Engine.Analytics;

/// <summary>How many tasks ended, and the messages of their conversations.</summary>
internal sealed class ConversationRow : FactRow
{
    public long Items { get; init; }

    public long Total { get; init; }
}

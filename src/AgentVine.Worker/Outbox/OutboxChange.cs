using AgentVine.Contracts;

namespace AgentVine.Worker.Outbox;

/// <summary>A change of the outbox's file; a closed set.</summary>
internal abstract record OutboxChange
{
    private OutboxChange()
    {
    }

    /// <summary>The entry is to be sent.</summary>
    public sealed record Add(OutboxEntry Entry) : OutboxChange;

    /// <summary>The server has it.</summary>
    public sealed record Remove(Guid ExecutionId, long N) : OutboxChange;

    /// <summary>The server will not take it: it is kept aside with the reason.</summary>
    public sealed record Refuse(OutboxEntry Entry, Problem Problem) : OutboxChange;
}

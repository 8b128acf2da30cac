using AgentVine.Contracts.Events;

namespace AgentVine.Engine.Kernel.Events;

/// <summary>A part of the log, in order.</summary>
/// <param name="Events">What matched.</param>
/// <param name="Through">Everything up to here was looked at: the next page begins after it.</param>
/// <param name="LastSequence">Where the log ended in the snapshot that was read.</param>
internal sealed record EventPage(IReadOnlyList<EventView> Events, long Through, long LastSequence)
{
    /// <summary>True when the snapshot may hold more that matches.</summary>
    public bool HasMore => Through < LastSequence;
}

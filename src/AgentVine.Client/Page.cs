namespace AgentVine.Client;

/// <summary>One page of a list.</summary>
/// <param name="Items">What it holds, in the list's order.</param>
/// <param name="Next">The <c>after</c> of the next page; null on the last one.</param>
/// <param name="EventSequence">The event log's position when the page was read: following from it misses nothing. Null where the list has none.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next, long? EventSequence);

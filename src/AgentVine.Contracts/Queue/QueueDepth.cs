namespace AgentVine.Contracts.Queue;

/// <summary>One of the five queues. For the two conversation queues, ready counts what is stored and not yet delivered.</summary>
/// <param name="Name"><c>high_priority</c>, <c>default</c>, <c>low_priority</c>, <c>worker_requests</c>, <c>controller_responses</c>.</param>
/// <param name="Ready">May be claimed now.</param>
/// <param name="Held">Waits for a place in its repository, or for an open account.</param>
/// <param name="Delayed">Waits for its time: a retry's backoff or a rate limit's reset.</param>
/// <param name="Leased">A worker has it.</param>
/// <param name="Dead">In the dead letter.</param>
/// <param name="OldestReadySeconds">Age of the oldest ready one; absent when there is none.</param>
public sealed record QueueDepth(string Name, long Ready, long Held, long Delayed, long Leased, long Dead, double? OldestReadySeconds);

using AgentVine.Contracts.Queue;

namespace AgentVine.Worker;

/// <summary>A leased order. <paramref name="SentAt"/> is the timestamp of when its claim was sent: the lease counts from there.</summary>
internal sealed record ClaimedOrder(WorkOrderView Order, long SentAt);

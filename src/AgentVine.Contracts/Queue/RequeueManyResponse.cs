namespace AgentVine.Contracts.Queue;

/// <summary>What became of a requeue of many.</summary>
/// <param name="Count">How many are queued again.</param>
/// <param name="Requeued">Which.</param>
/// <param name="Refused">Those that could not be, each with why.</param>
public sealed record RequeueManyResponse(int Count, IReadOnlyList<Guid> Requeued, IReadOnlyList<RequeueRefusal> Refused);

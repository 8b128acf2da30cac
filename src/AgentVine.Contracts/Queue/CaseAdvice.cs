namespace AgentVine.Contracts.Queue;

/// <summary>Something to do.</summary>
/// <param name="Words">What for, in words.</param>
/// <param name="Command">A command line that does it, with the ids filled in; absent where none does.</param>
public sealed record CaseAdvice(string Words, string? Command);

using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Worker;

/// <summary>How an attempt ended, as its worker saw it.</summary>
/// <param name="Error">Null for work that is done.</param>
/// <param name="Summary">The agent's closing words.</param>
/// <param name="CostUsd">List price of its model calls.</param>
/// <param name="Tokens">Tokens of its model calls.</param>
internal sealed record AttemptOutcome(TaskError? Error, string? Summary, decimal CostUsd, TokenCount Tokens)
{
    /// <summary>Whether the attempt was put away, with a complete checkpoint, because its agent waits for a person.</summary>
    public bool Parked { get; init; }

    /// <summary>Whether nothing was done because the agent program does not know the session that it was to go on with.</summary>
    public bool SessionUnknown { get; init; }

    /// <summary>In a word, for the log.</summary>
    public string How => Error is { } error ? VineJson.Name(error.Kind) : Parked ? "parked" : "completed";

    public static AttemptOutcome Failed(FailureKind kind, FailureCause? cause, string message) =>
        new(new TaskError { Kind = kind, Cause = cause, Message = message }, null, 0, TokenCount.Zero);

    public TaskResult ToResult() => new()
    {
        Summary = Summary,
        CostUsd = CostUsd,
        Tokens = Tokens,
    };
}

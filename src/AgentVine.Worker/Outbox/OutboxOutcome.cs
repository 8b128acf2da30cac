using AgentVine.Client;
using AgentVine.Contracts;

namespace AgentVine.Worker.Outbox;

/// <summary>What became of an entry.</summary>
/// <param name="Refusal">Why the server will not take it; null for what it took.</param>
/// <param name="Answer">What the server answered to it.</param>
/// <param name="SentAt">The timestamp of when the call was sent that was answered: a lease in the answer runs from no earlier.</param>
internal sealed record OutboxOutcome(Problem? Refusal, object? Answer, long SentAt)
{
    /// <summary>The answer.</summary>
    /// <exception cref="VineApiException">The server refused the entry.</exception>
    public T Take<T>() => Refusal is null ? (T)Answer! : throw new VineApiException(Refusal);
}

namespace AgentVine.Contracts.Queue;

/// <summary>Words of a person for the attempt's first turn.</summary>
/// <param name="Content">The words.</param>
/// <param name="MessageId">The chat message they came in, whose delivery is to be told; absent for a review's comment.</param>
/// <param name="RequestId">The request of a parked attempt that they answer, whose delivery is to be told.</param>
public sealed record Feedback(string Content, Guid? MessageId = null, Guid? RequestId = null);

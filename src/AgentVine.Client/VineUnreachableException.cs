namespace AgentVine.Client;

/// <summary>No answer of an AgentVine server came back. The message says why and what to do.</summary>
public sealed class VineUnreachableException(string message, bool mayHaveArrived, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Whether the server may have had the request: false when no connection was made.</summary>
    public bool MayHaveArrived { get; } = mayHaveArrived;
}

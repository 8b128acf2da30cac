using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes;

/// <summary>An agent program could not be started. The message is for people and says the next step.</summary>
public sealed class AgentLaunchException(FailureKind kind, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether another try is of use.</summary>
    public FailureKind Kind { get; } = kind;
}

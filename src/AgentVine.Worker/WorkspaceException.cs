using AgentVine.Contracts.Tasks;

namespace AgentVine.Worker;

/// <summary>A clone could not be made or brought home. The message is for people.</summary>
internal sealed class WorkspaceException(FailureKind kind, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public FailureKind Kind { get; } = kind;
}

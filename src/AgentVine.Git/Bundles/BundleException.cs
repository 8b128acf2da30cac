namespace AgentVine.Git.Bundles;

/// <summary>A bundle was refused. The message is for people and quotes nothing of the bundle but names and ids.</summary>
public sealed class BundleException(BundleFault fault, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>In what way it is not acceptable.</summary>
    public BundleFault Fault { get; } = fault;

    /// <summary>The prerequisites that are not there.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];
}

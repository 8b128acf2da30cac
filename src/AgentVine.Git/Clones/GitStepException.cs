namespace AgentVine.Git.Clones;

/// <summary>A step in an agent's clone failed. The message is for people.</summary>
public sealed class GitStepException(string message) : Exception(message);

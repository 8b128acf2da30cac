namespace AgentVine.Runtimes;

/// <summary>What a runtime's agents can be given while they run.</summary>
/// <param name="Questions">They ask questions.</param>
/// <param name="Permissions">They ask before they use a tool.</param>
/// <param name="Messages">They take user turns while they run.</param>
/// <param name="Interrupt">A turn can be interrupted and the agent stays.</param>
/// <param name="Resume">A session goes on where it was cut, from its transcript alone, in another state directory.</param>
public sealed record RuntimeCapabilities(bool Questions, bool Permissions, bool Messages, bool Interrupt, bool Resume);

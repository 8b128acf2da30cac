namespace AgentVine.Engine.Identity;

/// <summary>An endpoint's or group's <see cref="AccessRule"/>; the endpoint's own wins over its group's.</summary>
internal sealed record AccessMetadata(AccessRule Rule);

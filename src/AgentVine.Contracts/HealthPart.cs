namespace AgentVine.Contracts;

/// <summary>One part of the server's health.</summary>
/// <param name="Name">The part, as in <c>storage</c>.</param>
/// <param name="Status">How it fares.</param>
/// <param name="Detail">What is wrong and what to do, where it is not healthy.</param>
public sealed record HealthPart(string Name, HealthStatus Status, string? Detail);

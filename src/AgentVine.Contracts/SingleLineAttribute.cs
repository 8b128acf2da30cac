namespace AgentVine.Contracts;

/// <summary>The text is shown on one line and may reach a terminal: no line breaks and no other control characters.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class SingleLineAttribute : Attribute;

namespace AgentVine.Architecture.Tests.Metadata.Samples.Upper;

/// <summary>What a sample is marked with.</summary>
[AttributeUsage(AttributeTargets.All)]
internal sealed class MarkAttribute : Attribute;

namespace AgentVine.Engine.Kernel.Storage;

/// <summary>A constant text with the object whose properties are its parameters.</summary>
public sealed record SqlStatement(string Text, object? Parameters);

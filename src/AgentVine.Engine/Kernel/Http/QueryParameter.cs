namespace AgentVine.Engine.Kernel.Http;

/// <summary>A query parameter that an endpoint takes. <paramref name="Words"/> are the only values of a comma list.</summary>
internal sealed record QueryParameter(
    string Name, Type Type, long? Minimum = null, long? Maximum = null, object? Default = null, IReadOnlyCollection<string>? Words = null);

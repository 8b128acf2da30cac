namespace AgentVine.Engine.Kernel.Http;

/// <summary>Tells the API's description which query parameters an endpoint takes.</summary>
internal sealed record QueryMetadata(IReadOnlyList<QueryParameter> Parameters);

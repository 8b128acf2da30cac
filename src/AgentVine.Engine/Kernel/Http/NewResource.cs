namespace AgentVine.Engine.Kernel.Http;

/// <summary>What a unit of work created: where it is now, and how it looks.</summary>
internal sealed record NewResource<TView>(string Location, TView View);

namespace AgentVine.Engine.Observability;

/// <summary>What the server says of itself.</summary>
public sealed class ObservabilityOptions
{
    /// <summary>The runtime of tasks that name none, as <c>/about</c> tells it.</summary>
    public string DefaultRuntime { get; set; } = "claude-code";
}

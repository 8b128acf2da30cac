namespace AgentVine.ScriptedModel;

/// <summary>How a simulated model is set up.</summary>
public sealed record ScriptedModelOptions
{
    /// <summary>The scripts that prompts can name; more can be added later.</summary>
    public IReadOnlyList<ModelScript> Scripts { get; init; } = [];

    /// <summary>What a conversation gets whose prompts name no script.</summary>
    public Func<ScriptContext, ModelReply> Untagged { get; init; } = _ => Reply.Finish("scripted model: no script named in the prompt");

    /// <summary>A folder of exchanges that a worker's gateway recorded: they are played in the place of scripts. Null for scripts.</summary>
    public string? Recording { get; init; }

    /// <summary>The port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Stamps the received calls.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

namespace AgentVine.ScriptedModel;

/// <summary>A call that the simulated model received.</summary>
public sealed record ModelCall
{
    /// <summary>From 1, in order of arrival.</summary>
    public required long N { get; init; }

    /// <summary>When it arrived.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The script that answered it; empty for a prompt without a tag.</summary>
    public required string Script { get; init; }

    /// <summary>From 0.</summary>
    public required int Step { get; init; }

    /// <summary>From 1; more than 1 for a retry.</summary>
    public required int Attempt { get; init; }

    /// <summary>The length of the conversation in messages.</summary>
    public required int MessageCount { get; init; }

    /// <summary>The agent program's session.</summary>
    public required string? SessionId { get; init; }

    /// <summary>The model that was asked for.</summary>
    public required string? Model { get; init; }

    /// <summary>Whether an event stream was asked for.</summary>
    public required bool Streaming { get; init; }

    /// <summary>What the call authenticated itself with; a dummy in every honest use.</summary>
    public required string? Credential { get; init; }

    /// <summary>Every text block of the user's messages.</summary>
    public required IReadOnlyList<string> UserTexts { get; init; }

    /// <summary>Every tool result's text.</summary>
    public required IReadOnlyList<string> ToolResults { get; init; }

    /// <summary>The tools that the call offered.</summary>
    public required IReadOnlyList<string> Tools { get; init; }
}

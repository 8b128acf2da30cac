using System.Text.Json;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>What a <c>result</c> line says of how a turn went. <see cref="IsError"/> decides: API failures come as subtype "success".</summary>
internal sealed record ClaudeOutcome
{
    public required bool IsError { get; init; }

    public string? Subtype { get; init; }

    public string? TerminalReason { get; init; }

    public string? StopReason { get; init; }

    /// <summary>The HTTP status of the failed model call; null for one that was not answered.</summary>
    public int? Status { get; init; }

    /// <summary>Claude Code's own word for the failure, as in <c>max_output_tokens</c>.</summary>
    public string? ApiError { get; init; }

    /// <summary>The word beside the error message in the transcript, as in <c>billing_error</c>.</summary>
    public string? Error { get; init; }

    /// <summary>The closing words, or what went wrong.</summary>
    public string? Text { get; init; }

    public bool Aborted { get; init; }

    public bool IsSessionUnknown => IsError && Text?.StartsWith("No conversation found", StringComparison.Ordinal) == true;

    public static ClaudeOutcome Of(JsonElement result, string? error) => new()
    {
        IsError = result.Flag("is_error"),
        Subtype = result.Text("subtype"),
        TerminalReason = result.Text("terminal_reason"),
        StopReason = result.Text("stop_reason"),
        Status = result.Number("api_error_status") is > 0 and < 1000 and var status ? (int)status : null,
        ApiError = result.Text("api_error"),
        Error = error,
        Text = result.Text("result") ?? (string.Join('\n', result.Texts("errors")) is { Length: > 0 } errors ? errors : null),
        Aborted = IsAborted(result),
    };

    public static bool IsAborted(JsonElement result) => result.Text("terminal_reason")?.StartsWith("aborted", StringComparison.Ordinal) == true;
}

using AgentVine.Worker.Accounts;

namespace AgentVine.Worker.Gateway;

/// <summary>What could be read of an answer as it went by.</summary>
internal sealed record AnswerReading
{
    /// <summary>What the call came to; null where no model answered.</summary>
    public CallUsage? Usage { get; init; }

    /// <summary>Whether the model's answer came to its end.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The provider's word for an error, as in <c>rate_limit_error</c>.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The provider's words for it.</summary>
    public string? ErrorMessage { get; init; }
}

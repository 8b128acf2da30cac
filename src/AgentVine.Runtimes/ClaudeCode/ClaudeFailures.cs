using System.Globalization;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>The table from Claude Code's failures to what they mean for the next attempt.</summary>
internal static class ClaudeFailures
{
    private const string Account =
        "Set ANTHROPIC_API_KEY (or ANTHROPIC_AUTH_TOKEN, or CLAUDE_CODE_OAUTH_TOKEN for a subscription) of the worker to a valid account";

    // The first row that fits counts.
    private static readonly (Func<ClaudeOutcome, bool> Fits, FailureKind Kind, Func<string, string> Says)[] Rows =
    [
        (it => it.TerminalReason == "prompt_too_long", FailureKind.Permanent, words => $"The conversation is larger than the model's window: {words}"),
        (it => it.StopReason == "refusal", FailureKind.BadResult, words => $"The model declined to go on: {words}"),
        (it => IsOneOf("max_output_tokens", it), FailureKind.BadResult, words => $"The model's answer was cut at its limit of output tokens: {words}"),
        (it => it.TerminalReason == "max_turns" || it.Subtype == "error_max_turns", FailureKind.BadResult, words => $"The agent used up its turns: {words}"),
        (it => it.TerminalReason == "budget_exhausted" || it.Subtype == "error_max_budget_usd", FailureKind.Budget, words => $"The agent's budget is spent: {words}"),
        (it => IsOneOf("billing_error", it), FailureKind.Permanent, words => $"The model account has no credit left: {words}. Add credit to it, then requeue the task"),
        (it => it.Status is 401 or 403 || IsOneOf("authentication_failed", it), FailureKind.Permanent, words => $"The model account was refused: {words}. {Account}, and restart the worker"),
        (it => it.Status == 429 || IsOneOf("rate_limit", it), FailureKind.RateLimit, words => $"The model account is at its limit: {words}"),
        (it => it.Status is 408 or >= 500, FailureKind.Transient, words => $"The model API failed: {words}"),
        (it => it.Status is >= 400, FailureKind.Permanent, words => $"The model API refused the call: {words}"),
        (it => it.TerminalReason == "api_error", FailureKind.Transient, words => $"The model API was not reached: {words}"),
        (_ => true, FailureKind.Transient, words => $"Claude Code failed: {words}"),
    ];

    /// <summary>Null for a turn that ended well, and for one that was interrupted.</summary>
    public static TaskError? Of(ClaudeOutcome outcome, DateTimeOffset? limitResetsAt)
    {
        if (!outcome.IsError || outcome.Aborted)
        {
            return null;
        }

        var row = Rows.First(row => row.Fits(outcome));
        return new TaskError
        {
            Kind = row.Kind,
            Message = Sentence(row.Says(Words(outcome))),
            RetryAt = row.Kind == FailureKind.RateLimit ? limitResetsAt : null,
        };
    }

    /// <summary>For a program that ended inside a turn; <paramref name="spoke"/> tells whether it had come so far as to say anything.</summary>
    public static TaskError OfExit(int code, bool spoke, string? complaint) => code == 1 && !spoke
        ? new TaskError { Kind = FailureKind.Permanent, Message = Sentence($"Claude Code did not start: {complaint ?? "it gave no reason"}") }
        : new TaskError { Kind = FailureKind.Transient, Message = Sentence($"Claude Code ended inside a turn with {Code(code)}: {complaint ?? "it gave no reason"}") };

    /// <summary>For a program that its worker stopped inside a turn.</summary>
    public static TaskError Stopped { get; } = new() { Kind = FailureKind.Interrupted, Message = "Claude Code was stopped inside a turn." };

    private static bool IsOneOf(string word, ClaudeOutcome outcome) => outcome.Error == word || outcome.ApiError == word;

    private static string Words(ClaudeOutcome outcome) => outcome.Text is { } text && !string.IsNullOrWhiteSpace(text)
        ? ClaudeText.Cut(text.Trim().TrimEnd('.'), 2000)
        : outcome.TerminalReason ?? outcome.Subtype ?? "no reason was given";

    private static string Sentence(string text) => text.EndsWith('.') || text.EndsWith('…') ? text : $"{text}.";

    private static string Code(int code) => code > 128 && code < 160
        ? string.Create(CultureInfo.InvariantCulture, $"exit code {code} (signal {code - 128})")
        : string.Create(CultureInfo.InvariantCulture, $"exit code {code}");
}

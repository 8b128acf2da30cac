using System.Globalization;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>The table from Claude Code's failures to what they mean for the next attempt.</summary>
internal static class ClaudeFailures
{
    private const string Account =
        "Set ANTHROPIC_API_KEY (or ANTHROPIC_AUTH_TOKEN, or CLAUDE_CODE_OAUTH_TOKEN for a subscription) of the worker to a valid account";

    private const int FirstSignal = 128;
    private const int Killed = FirstSignal + 9;

    // The first row that fits counts.
    private static readonly (Func<ClaudeOutcome, bool> Fits, FailureKind Kind, FailureCause Cause, Func<string, string> Says)[] Rows =
    [
        (it => it.TerminalReason == "prompt_too_long", FailureKind.Permanent, FailureCause.PromptTooLong, words => $"The conversation is larger than the model's window: {words}"),
        (it => it.StopReason == "refusal", FailureKind.BadResult, FailureCause.Refusal, words => $"The model declined to go on: {words}"),
        (it => IsOneOf("max_output_tokens", it), FailureKind.BadResult, FailureCause.OutputLimit, words => $"The model's answer was cut at its limit of output tokens: {words}"),
        (it => it.TerminalReason == "max_turns" || it.Subtype == "error_max_turns", FailureKind.BadResult, FailureCause.MaxTurns, words => $"The agent used up its turns: {words}"),
        (it => it.TerminalReason == "budget_exhausted" || it.Subtype == "error_max_budget_usd", FailureKind.Budget, FailureCause.BudgetSpent, words => $"The agent's budget is spent: {words}"),
        (it => IsOneOf("billing_error", it), FailureKind.Permanent, FailureCause.NoCredit, words => $"The model account has no credit left: {words}. Add credit to it, then requeue the task"),
        (it => it.Status == 403 ? Says("authentication_error", it) : it.Status == 401 || IsOneOf("authentication_failed", it), FailureKind.Permanent, FailureCause.KeyRefused, words => $"The model account was refused: {words}. {Account}, and restart the worker"),
        (it => it.Status == 429 || IsOneOf("rate_limit", it), FailureKind.RateLimit, FailureCause.RateLimited, words => $"The model account is at its limit: {words}"),
        (it => it.Status == 529, FailureKind.Transient, FailureCause.Overloaded, words => $"The model API is overloaded: {words}"),
        (it => it.Status is 408 or >= 500, FailureKind.Transient, FailureCause.ServerError, words => $"The model API failed: {words}"),
        (it => it.Status is >= 400, FailureKind.Permanent, FailureCause.RequestRefused, words => $"The model API refused the call: {words}"),
        (it => it.TerminalReason == "api_error" && it.Text?.Contains("malformed", StringComparison.Ordinal) == true, FailureKind.Transient, FailureCause.MalformedAnswer, words => $"The model API's answer was none: {words}"),
        (it => it.TerminalReason == "api_error", FailureKind.Transient, FailureCause.Unreachable, words => $"The model API was not reached: {words}"),
        (_ => true, FailureKind.Transient, FailureCause.Other, words => $"Claude Code failed: {words}"),
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
            Cause = row.Cause,
            Message = Sentence(row.Says(Words(outcome))),
            RetryAt = row.Kind == FailureKind.RateLimit ? limitResetsAt : null,
        };
    }

    /// <summary>For a program that ended inside a turn.</summary>
    /// <param name="code">Its exit code.</param>
    /// <param name="spoke">Whether it had come so far as to say anything.</param>
    /// <param name="complaint">Its last words on standard error.</param>
    /// <param name="memoryKills">How often the system ended processes for want of memory while it ran.</param>
    public static TaskError OfExit(int code, bool spoke, string? complaint, long memoryKills)
    {
        var words = complaint ?? "it gave no reason";
        if (code == 1 && !spoke)
        {
            return new TaskError { Kind = FailureKind.Permanent, Cause = FailureCause.NotStarted, Message = Sentence($"Claude Code did not start: {words}") };
        }

        var cause = complaint?.Contains("out of memory", StringComparison.OrdinalIgnoreCase) == true || (code == Killed && memoryKills > 0) ? FailureCause.OutOfMemory
            : code is > FirstSignal and < FirstSignal + 32 ? FailureCause.Killed
            : FailureCause.NoResult;
        var ended = $"Claude Code ended inside a turn with {Code(code)}";
        return new TaskError
        {
            Kind = FailureKind.Transient,
            Cause = cause,
            Message = Sentence(cause == FailureCause.OutOfMemory
                ? $"{ended}, when the worker's host was short of memory: {words}. Give the host more, or the worker fewer slots"
                : $"{ended}: {words}"),
        };
    }

    /// <summary>For a program that its worker stopped inside a turn.</summary>
    public static TaskError Stopped { get; } = new() { Kind = FailureKind.Interrupted, Message = "Claude Code was stopped inside a turn." };

    private static bool Says(string word, ClaudeOutcome outcome) => outcome.Text?.Contains(word, StringComparison.Ordinal) == true;

    private static bool IsOneOf(string word, ClaudeOutcome outcome) => outcome.Error == word || outcome.ApiError == word;

    private static string Words(ClaudeOutcome outcome) => outcome.Text is { } text && !string.IsNullOrWhiteSpace(text)
        ? ClaudeText.Cut(text.Trim().TrimEnd('.'), 2000)
        : outcome.TerminalReason ?? outcome.Subtype ?? "no reason was given";

    private static string Sentence(string text) => text.EndsWith('.') || text.EndsWith('…') ? text : $"{text}.";

    private static string Code(int code) => code is > FirstSignal and < FirstSignal + 32
        ? string.Create(CultureInfo.InvariantCulture, $"exit code {code} (signal {code - FirstSignal})")
        : string.Create(CultureInfo.InvariantCulture, $"exit code {code}");
}

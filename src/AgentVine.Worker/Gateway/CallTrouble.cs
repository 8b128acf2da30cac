using System.Globalization;
using System.Net.Http.Headers;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Worker.Gateway;

/// <summary>What stopped a model call, as the gateway saw it.</summary>
/// <param name="Cause">What happened.</param>
/// <param name="Status">The answer's status.</param>
/// <param name="Message">In the provider's words, where it had any.</param>
/// <param name="RetryAt">When the provider says that calls are of use again.</param>
internal sealed record CallTrouble(FailureCause Cause, int Status, string Message, DateTimeOffset? RetryAt = null)
{
    private const int LongestMessage = 1000;

    // No provider's limit lasts longer; what says so is taken to have told no time.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    // Each with what is left of it. The unified ones are those of plans.
    private static readonly string[] Limits = ["requests", "tokens", "input-tokens", "output-tokens", "unified", "unified-5h", "unified-7d"];

    /// <summary>Whether the account is of no use to other calls either.</summary>
    public bool IsOfTheAccount => Cause is FailureCause.RateLimited or FailureCause.KeyRefused or FailureCause.NoCredit;

    /// <summary>Reads an answer; null where a model answered in full.</summary>
    public static CallTrouble? Of(HttpResponseMessage answer, AnswerReading reading, DateTimeOffset now)
    {
        var status = (int)answer.StatusCode;
        if (status < 400)
        {
            return reading switch
            {
                { ErrorType: { } type } => new CallTrouble(OfError(type), status, Words(reading, type)),
                { IsWhole: true } => null,
                { Usage: null } => new CallTrouble(FailureCause.MalformedAnswer, status, "The answer is no model's."),
                _ => new CallTrouble(FailureCause.MalformedAnswer, status, "The model's answer broke off."),
            };
        }

        var cause = OfStatus(status, reading);
        return new CallTrouble(
            cause,
            status,
            Words(reading, answer.ReasonPhrase is { Length: > 0 } reason ? $"{status} {reason}" : $"status {status}"),
            cause == FailureCause.RateLimited ? RetryMoment(answer, now) : null);
    }

    /// <summary>When an answer says that calls are of use again.</summary>
    public static DateTimeOffset? RetryMoment(HttpResponseMessage answer, DateTimeOffset now) =>
        new[] { Asked(answer.Headers.RetryAfter, now), Reset(answer.Headers, now) }.FirstOrDefault(moment => moment is not null && moment - now <= Longest);

    private static FailureCause OfStatus(int status, AnswerReading reading) => status switch
    {
        429 => FailureCause.RateLimited,
        401 => FailureCause.KeyRefused,
        403 when reading.ErrorType == "authentication_error" => FailureCause.KeyRefused,

        // The page of something on the way there.
        403 when reading.ErrorType is null => FailureCause.ServerError,
        402 => FailureCause.NoCredit,
        529 => FailureCause.Overloaded,
        >= 500 => FailureCause.ServerError,
        413 => FailureCause.PromptTooLong,
        _ when reading.ErrorType == "billing_error" || Says(reading, "credit balance is too low") => FailureCause.NoCredit,
        _ when Says(reading, "prompt is too long") => FailureCause.PromptTooLong,
        _ => FailureCause.RequestRefused,
    };

    // An event of the stream: the status had gone out.
    private static FailureCause OfError(string type) => type switch
    {
        "overloaded_error" => FailureCause.Overloaded,
        "rate_limit_error" => FailureCause.RateLimited,
        "authentication_error" => FailureCause.KeyRefused,
        "billing_error" => FailureCause.NoCredit,
        "invalid_request_error" or "permission_error" => FailureCause.RequestRefused,
        _ => FailureCause.ServerError,
    };

    private static bool Says(AnswerReading reading, string words) => reading.ErrorMessage?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;

    private static string Words(AnswerReading reading, string otherwise)
    {
        var words = string.IsNullOrWhiteSpace(reading.ErrorMessage) ? otherwise : reading.ErrorMessage.Trim();
        return words.Length <= LongestMessage ? words : $"{words.AsSpan(0, LongestMessage - 1)}…";
    }

    private static DateTimeOffset? Asked(RetryConditionHeaderValue? after, DateTimeOffset now) =>
        after?.Delta is { } span && span <= Longest ? now + span : after?.Date is { } date && date > now ? date : null;

    private static DateTimeOffset? Reset(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var resets = Limits
            .Where(limit => Header(headers, $"anthropic-ratelimit-{limit}-remaining") is null or "0" && Header(headers, $"anthropic-ratelimit-{limit}-status") is null or "rejected")
            .Select(limit => Moment(Header(headers, $"anthropic-ratelimit-{limit}-reset")))
            .Where(moment => moment > now)
            .ToList();
        return resets.Count == 0 ? null : resets.Max();
    }

    private static string? Header(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.FirstOrDefault()?.Trim() : null;

    private static DateTimeOffset? Moment(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 32_503_680_000 ? DateTimeOffset.FromUnixTimeSeconds(seconds)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment
        : null;
}

using System.Globalization;

namespace AgentVine.ScriptedModel;

/// <summary>What a model or its provider does wrong.</summary>
public static class Fault
{
    /// <summary>401: the key is not known.</summary>
    public static ModelReply Unauthorized { get; } = new StatusReply(401, "authentication_error", "invalid x-api-key");

    /// <summary>403: the key may not use this.</summary>
    public static ModelReply Forbidden { get; } = new StatusReply(403, "permission_error", "Your API key does not have permission to use this model.");

    /// <summary>400: nothing left to pay with.</summary>
    public static ModelReply NoCredit { get; } = new StatusReply(
        400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.");

    /// <summary>400: the conversation is larger than the model's window.</summary>
    public static ModelReply PromptTooLong { get; } = new StatusReply(
        400, "invalid_request_error", "prompt is too long: 250000 tokens > 200000 maximum");

    /// <summary>500.</summary>
    public static ModelReply ServerError { get; } = new StatusReply(500, "api_error", "Internal server error");

    /// <summary>529.</summary>
    public static ModelReply Overloaded { get; } = new StatusReply(529, "overloaded_error", "Overloaded");

    /// <summary>The connection is cut before an answer.</summary>
    public static ModelReply Dropped { get; } = new DroppedReply();

    /// <summary>The call is taken and never answered.</summary>
    public static ModelReply Silence { get; } = new SilentReply();

    /// <summary>200 with a body that is no model's answer.</summary>
    public static ModelReply Malformed { get; } = new MalformedReply();

    /// <summary>429, with <c>retry-after</c> when given.</summary>
    public static ModelReply RateLimited(TimeSpan? retryAfter = null) => Status(
        429,
        "rate_limit_error",
        "This request would exceed your account's rate limit. Please try again later.",
        retryAfter is { } wait ? [("retry-after", ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture))] : []);

    /// <summary>Any status with the provider's error body and these headers.</summary>
    public static ModelReply Status(int status, string type, string message, params IReadOnlyList<(string Name, string Value)> headers) =>
        new StatusReply(status, type, message) { Headers = headers };

    /// <summary>The model declines to go on.</summary>
    public static ModelReply Refusal(string text) => Reply.Say(text).StoppedBy("refusal");

    /// <summary>The message was cut at the limit of output tokens.</summary>
    public static ModelReply CutOff(string text) => Reply.Say(text).StoppedBy("max_tokens");
}

using AgentVine.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using HealthStatus = AgentVine.Contracts.HealthStatus;

namespace AgentVine.Engine.Observability;

/// <summary>Answers probes.</summary>
internal static class Health
{
    /// <summary>Checks with this tag decide whether the server takes calls.</summary>
    public const string ReadyTag = "ready";

    /// <summary>Everything that is looked at, part by part.</summary>
    public static Task<JsonHttpResult<HealthView>> All(HealthCheckService checks, CancellationToken cancellationToken) =>
        AnswerAsync(checks, _ => true, cancellationToken);

    /// <summary>The process answers.</summary>
    public static Task<JsonHttpResult<HealthView>> Live() => Task.FromResult(Answer(new HealthView(HealthStatus.Healthy, [])));

    /// <summary>The database can be read and written, so calls can be taken.</summary>
    public static Task<JsonHttpResult<HealthView>> Ready(HealthCheckService checks, CancellationToken cancellationToken) =>
        AnswerAsync(checks, check => check.Tags.Contains(ReadyTag), cancellationToken);

    private static async Task<JsonHttpResult<HealthView>> AnswerAsync(
        HealthCheckService checks, Func<HealthCheckRegistration, bool> which, CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(which, cancellationToken);
        var parts = report.Entries
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new HealthPart(entry.Key, (HealthStatus)entry.Value.Status, entry.Value.Description));
        return Answer(new HealthView((HealthStatus)report.Status, [.. parts]));
    }

    private static JsonHttpResult<HealthView> Answer(HealthView view) =>
        TypedResults.Json(view, VineJson.Options, statusCode: view.Status == HealthStatus.Unhealthy ? 503 : 200);
}

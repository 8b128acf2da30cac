using System.Net.Http.Json;
using System.Text;
using AgentVine.Contracts;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

internal static class Replies
{
    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>The problem of a refusal, after checking that it is a whole one.</summary>
    public static async Task<Problem> ProblemAsync(this HttpResponseMessage reply, int status, string code)
    {
        var text = await reply.Content.ReadAsStringAsync();
        Assert.True((int)reply.StatusCode == status, $"Expected {status} {code}, got {(int)reply.StatusCode}: {text}");
        Assert.Equal("application/problem+json", reply.Content.Headers.ContentType?.MediaType);
        var problem = await reply.Content.ReadFromJsonAsync<Problem>(VineJson.Options);
        Assert.Equal(code, problem!.Code);
        Assert.Equal(status, problem.Status);
        Assert.Equal("/docs/errors#" + code, problem.Type);
        Assert.False(string.IsNullOrEmpty(problem.Detail));
        Assert.False(string.IsNullOrEmpty(problem.Title));
        Assert.False(string.IsNullOrEmpty(problem.TraceId));
        return problem;
    }
}

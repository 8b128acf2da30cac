using System.Net;
using System.Net.Http.Json;
using AgentVine.Contracts;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

public sealed class HealthTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task Server_IsReady_WhenItsDatabaseCanBeReadAndWritten()
    {
        await using var server = await HttpServer.StartAsync(_ => { }, store: database.Store);

        var ready = await server.Client.GetFromJsonAsync<HealthView>("/health/ready", VineJson.Options);
        var all = await server.Client.GetFromJsonAsync<HealthView>("/health", VineJson.Options);

        Assert.Equal(HealthStatus.Healthy, ready!.Status);
        Assert.Equal([new HealthPart("storage", HealthStatus.Healthy, null)], ready.Parts);
        Assert.Equal(ready.Parts, all!.Parts);
    }

    [Fact]
    public async Task Server_IsAliveAndNotReady_WhenItsDatabaseIsGone()
    {
        await using var server = await HttpServer.StartAsync(_ => { });

        var live = await server.Client.GetFromJsonAsync<HealthView>("/health/live", VineJson.Options);
        var ready = await server.Client.GetAsync("/health/ready");
        var all = await server.Client.GetAsync("/health");

        Assert.Equal(HealthStatus.Healthy, live!.Status);
        Assert.Empty(live.Parts);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (ready.StatusCode, all.StatusCode));
        var part = (await ready.Content.ReadFromJsonAsync<HealthView>(VineJson.Options))!.Parts.Single();
        Assert.Equal(("storage", HealthStatus.Unhealthy), (part.Name, part.Status));
        Assert.Contains("vine doctor", part.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", part.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task About_SaysWhatAnswers()
    {
        await using var server = await HttpServer.StartAsync(_ => { }, store: database.Store);

        var about = await server.Client.GetFromJsonAsync<About>("/about", VineJson.Options);

        Assert.Equal(("AgentVine", "sqlite", 3, "loopback", "claude-code"), (about!.Name, about.Database, about.WorkerProtocol, about.Authentication, about.DefaultRuntime));
        Assert.Matches(@"^\d+\.\d+\.\d+$", about.Version);
    }
}

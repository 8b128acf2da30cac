using System.Net;
using AgentVine.Contracts;
using AgentVine.Engine.Identity;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

public sealed class KeyGuardTests(OpenServer fixture) : IClassFixture<OpenServer>
{
    [Theory]
    [InlineData("/said-nothing")]
    [InlineData("/group/key")]
    [InlineData("/mcp")]
    public async Task Route_WantsAKey_UnlessItSaysOtherwise(string path)
    {
        var reply = await fixture.Server.Client.GetAsync(path);

        var problem = await reply.ProblemAsync(401, ErrorCodes.AuthKeyRequired);
        Assert.Equal("Bearer", reply.Headers.WwwAuthenticate.Single().Scheme);
        Assert.DoesNotContain(HttpServer.Key, problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/open", "anonymous")]
    [InlineData("/group/open", "ok")]
    public async Task Route_IsOpen_WhenItSaysSoOnLoopback(string path, string body) =>
        Assert.Equal(body, await fixture.Server.Client.GetStringAsync(path));

    [Theory]
    [InlineData("/open")]
    [InlineData("/said-nothing")]
    public async Task Caller_IsNamedByItsKey(string path) => Assert.Equal("key:run", await fixture.Server.KeyClient.GetStringAsync(path));

    [Theory]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData("Bearer")]
    [InlineData("bearer " + HttpServer.Key + " ")]
    [InlineData("Bearer " + HttpServer.Key + "x")]
    [InlineData("Bearer " + HttpServer.Key + ", Bearer x")]
    [InlineData("Basic dTpw")]
    [InlineData(HttpServer.Key)]
    [InlineData("Bearer " + OpenServer.AgentToken)]
    public async Task Credential_MustBeRight_WhereverItIsPresented(string authorization)
    {
        var right = authorization.Trim() == "bearer " + HttpServer.Key;
        foreach (var path in new[] { "/open", "/said-nothing", "/group/open", "/about", "/health" })
        {
            var reply = await GetAsync(fixture.Server, path, authorization);

            Assert.True((reply.StatusCode == HttpStatusCode.Unauthorized) != right, $"{path} answered {reply.StatusCode} to '{authorization}'.");
        }
    }

    [Fact]
    public async Task Credential_IsRefused_WhenThereAreTwo()
    {
        var reply = await fixture.Server.RawAsync(
            $"GET /open HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {HttpServer.Key}\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n");

        Assert.Equal(401, reply.Status);
    }

    [Fact]
    public async Task AgentToken_OpensTheAgentsRouteAlone()
    {
        var agent = await GetAsync(fixture.Server, "/mcp", "Bearer " + OpenServer.AgentToken);
        var key = await fixture.Server.KeyClient.GetAsync("/mcp");
        var wrong = await GetAsync(fixture.Server, "/mcp", "Bearer vine_agent_of_nobody");

        Assert.Equal($"agent:{OpenServer.Agent.ExecutionId} {OpenServer.Agent.TaskId}", await agent.Content.ReadAsStringAsync());
        await key.ProblemAsync(401, ErrorCodes.AuthKeyRequired);
        await wrong.ProblemAsync(401, ErrorCodes.AuthKeyRequired);
    }

    [Fact]
    public async Task Probes_AnswerEverybody_AndNothingElseDoes_WhenAuthenticationIsRequired()
    {
        await using var server = await OpenServer.StartAsync(AccessMode.Required);

        foreach (var path in new[] { "/open", "/group/open", "/said-nothing", "/about", "/health", "/openapi/v1.json", "/mcp" })
        {
            await (await server.Client.GetAsync(path)).ProblemAsync(401, ErrorCodes.AuthKeyRequired);
        }

        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync("/health/ready")).StatusCode);
        Assert.Equal("key:run", await server.KeyClient.GetStringAsync("/open"));
    }

    [Fact]
    public async Task Probe_Answers_WhateverCredentialComesWithIt() =>
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(fixture.Server, "/health/live", "Bearer of-somebody-else")).StatusCode);

    private static async Task<HttpResponseMessage> GetAsync(HttpServer server, string path, string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        Assert.True(request.Headers.TryAddWithoutValidation("Authorization", authorization));
        return await server.Client.SendAsync(request);
    }
}

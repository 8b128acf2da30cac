using System.Net;
using AgentVine.Contracts;
using AgentVine.Engine.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

public sealed class AddressGuardTests(OpenServer fixture) : IClassFixture<OpenServer>
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost:8000")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:1")]
    [InlineData("127.255.0.9:65535")]
    [InlineData("[::1]")]
    [InlineData("[::1]:8000")]
    [InlineData("[0:0:0:0:0:0:0:1]:8000")]
    public void Host_IsOurs_WhenItNamesLoopback(string host) => Assert.True(LoopbackHost.TryParse(host, out _));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("evil-localhost")]
    [InlineData("localhost.")]
    [InlineData("localhost.:8000")]
    [InlineData("foo.localhost")]
    [InlineData("127.0.0.1.")]
    [InlineData("127.0.0.1.nip.io")]
    [InlineData("127.0.0.1.evil.example:8000")]
    [InlineData("127.1")]
    [InlineData("127.0.1")]
    [InlineData("127.0.0.01")]
    [InlineData("0127.0.0.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("017700000001")]
    [InlineData("128.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("0.0.0.0:8000")]
    [InlineData("127.0.0.256")]
    [InlineData("127.0.0.-1")]
    [InlineData("127.0.0. 1")]
    [InlineData("127.0.0.+1")]
    [InlineData("127.0.0.١")]
    [InlineData("192.168.1.1")]
    [InlineData("::1")]
    [InlineData("::1:8000")]
    [InlineData("[::]")]
    [InlineData("[::2]")]
    [InlineData("[::1%lo]")]
    [InlineData("[::1%25lo]:8000")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[::1].evil.example")]
    [InlineData("[::1]evil.example:80")]
    [InlineData("[::1")]
    [InlineData("[]")]
    [InlineData("user@localhost")]
    [InlineData("localhost@evil.example")]
    [InlineData("localhost:80@evil.example")]
    [InlineData("localhost:")]
    [InlineData("localhost:0")]
    [InlineData("localhost:65536")]
    [InlineData("localhost:+80")]
    [InlineData("localhost:8000:8000")]
    [InlineData("localhost:8000, evil.example")]
    [InlineData("localhost/evil")]
    [InlineData("localhost\\evil")]
    [InlineData("localhost#")]
    [InlineData("lоcalhost")]
    [InlineData("http://localhost")]
    public void Host_IsForeign_WhenItIsAnythingElse(string host) => Assert.False(LoopbackHost.TryParse(host, out _));

    [Theory]
    [InlineData("/open")]
    [InlineData("/about")]
    [InlineData("/health")]
    [InlineData("/health/live")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/mcp")]
    [InlineData("/no-such-route")]
    public async Task EveryRoute_IsRefused_WhenHostIsForeign(string path)
    {
        var reply = await fixture.Server.RawAsync($"GET {path} HTTP/1.1\r\nHost: evil.example:8000\r\nConnection: close\r\n\r\n");

        Assert.Equal((403, ErrorCodes.AuthForeignHost), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Caller_IsRefused_WhenHostIsForeign_EvenWithTheKey()
    {
        var reply = await fixture.Server.RawAsync(
            $"GET /open HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer {HttpServer.Key}\r\nConnection: close\r\n\r\n");

        Assert.Equal((403, ErrorCodes.AuthForeignHost), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("https://localhost:8000")]
    [InlineData("http://localhost:8001")]
    [InlineData("http://localhost")]
    [InlineData("http://127.0.0.1:8000")]
    [InlineData("http://localhost:8000/")]
    [InlineData("http://localhost:8000.evil.example")]
    [InlineData("http://localhost:8000 http://evil.example")]
    [InlineData("http://user@localhost:8000")]
    public async Task Origin_IsForeign_WhenItIsNotExactlyOurs(string origin)
    {
        var reply = await fixture.Server.RawAsync($"GET /open HTTP/1.1\r\nHost: localhost:8000\r\nOrigin: {origin}\r\nConnection: close\r\n\r\n");

        Assert.Equal((403, ErrorCodes.AuthForeignOrigin), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Origin_IsForeign_WhenThereAreTwo()
    {
        var reply = await fixture.Server.RawAsync(
            "GET /open HTTP/1.1\r\nHost: localhost:8000\r\nOrigin: http://localhost:8000\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n");

        Assert.Equal((403, ErrorCodes.AuthForeignOrigin), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Request_IsRefused_WhenHostAndOriginAreForeignTogether()
    {
        // The rebinding itself: page and request agree with each other, and with nobody else.
        var reply = await fixture.Server.RawAsync(
            "POST /open HTTP/1.1\r\nHost: evil.example:8000\r\nOrigin: http://evil.example:8000\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.Equal((403, ErrorCodes.AuthForeignHost), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("http://localhost:8000", "localhost:8000")]
    [InlineData("http://LOCALHOST:8000", "localhost:8000")]
    [InlineData("http://127.0.0.1", "127.0.0.1")]
    [InlineData("http://[::1]:8000", "[::1]:8000")]
    public async Task Request_Passes_WhenOriginIsOurs(string origin, string host)
    {
        var reply = await fixture.Server.RawAsync($"GET /open HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: close\r\n\r\n");

        Assert.Equal(200, reply.Status);
    }

    [Theory]
    [InlineData("cross-site", 403)]
    [InlineData("same-site", 403)]
    [InlineData("Same-Origin", 403)]
    [InlineData("", 403)]
    [InlineData("same-origin", 200)]
    [InlineData("none", 200)]
    public async Task Request_IsJudged_ByWhatTheBrowserSaysOfItsSite(string site, int status)
    {
        var reply = await fixture.Server.RawAsync($"GET /open HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: {site}\r\nConnection: close\r\n\r\n");

        Assert.Equal(status, reply.Status);
    }

    [Theory]
    [InlineData("GET /open HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /open HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n")]
    [InlineData("GET /open HTTP/1.1\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /open HTTP/1.0\r\n\r\n")]
    [InlineData("GET http://evil.example/open HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")]
    [InlineData("GET http://evil.example/open HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")]
    [InlineData("GET http://localhost@evil.example/open HTTP/1.1\r\nHost: localhost@evil.example\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /open HTTP/1.1\r\nHost: user@localhost\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /open HTTP/1.1\r\nHost: localhost evil\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /open HTTP/1.1\r\nHost : localhost\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /open HTTP/1.1\r\nHost: localhost\r\n evil.example\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /open HTTP/1.1\r\nHost: 2130706433\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /open HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost\r\nConnection: close\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")]
    public async Task Request_IsRefused_WhenItsTargetIsPlayedWith(string request)
    {
        var reply = await fixture.Server.RawAsync(request);

        Assert.True(reply.Status is 400 or 403, $"Got {reply.Status}.");
    }

    [Theory]
    [InlineData("192.168.1.20", 403)]
    [InlineData("::ffff:192.168.1.20", 403)]
    [InlineData("2001:db8::1", 403)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("::ffff:127.0.0.1", 200)]
    [InlineData("::1", 200)]
    [InlineData(null, 200)]
    public async Task Caller_IsRefused_WhenItIsAnotherMachine(string? address, int status)
    {
        var context = new DefaultHttpContext { Request = { Host = new HostString("localhost") } };
        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        var guard = new AddressGuard(new AccessOptions { Key = AccessKey.Run(HttpServer.Key) }, _ => Task.CompletedTask);

        await guard.InvokeAsync(context);

        Assert.Equal(status, context.Response.StatusCode);
    }

    [Fact]
    public async Task ForwardedHost_ChangesNothing_WhenHostIsOurs()
    {
        var reply = await fixture.Server.RawAsync(
            "GET /open HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\nConnection: close\r\n\r\n");

        Assert.Equal(200, reply.Status);
    }

    [Fact]
    public async Task ForeignNames_AreServed_WhenEveryCallWantsTheKey()
    {
        await using var server = await HttpServer.StartAsync(routes => routes.MapGet("/open", () => "ok").AllowOpen(), AccessMode.Required);

        var without = await server.RawAsync("GET /open HTTP/1.1\r\nHost: vine.example\r\nConnection: close\r\n\r\n");
        var with = await server.RawAsync($"GET /open HTTP/1.1\r\nHost: vine.example\r\nAuthorization: Bearer {HttpServer.Key}\r\nConnection: close\r\n\r\n");

        Assert.Equal((401, ErrorCodes.AuthKeyRequired), (without.Status, without.Code));
        Assert.Equal(200, with.Status);
    }
}

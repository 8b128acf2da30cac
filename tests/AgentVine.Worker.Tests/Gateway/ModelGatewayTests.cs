using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentVine.Testing.Time;
using AgentVine.Worker.Accounts;
using AgentVine.Worker.Gateway;
using AgentVine.Worker.Tests.Host;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Worker.Tests.Gateway;

public sealed class ModelGatewayTests : IAsyncLifetime
{
    private const string Key = "sk-ant-of-no-account-at-all";
    private static readonly Dictionary<string, ModelPrice> NoPrices = [];
    private readonly ManualTime _time = new();
    private readonly Lease _lease;
    private readonly HttpClient _agent = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, UseProxy = false });
    private Func<HttpContext, Task> _answer = call => call.Response.WriteAsync("an answer");
    private Upstream _upstream = null!;
    private ModelGateway _gateway = null!;
    private GatewayPass _pass = null!;

    public ModelGatewayTests() => _lease = Orders.Lease(Orders.New(), _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _upstream = await Upstream.StartAsync(call => _answer(call));
        var account = new ModelAccount { Name = "default", BaseUrl = new Uri(_upstream.Url, "prefix/"), ApiKey = Key };
        _gateway = new ModelGateway([account], recorder: null, socket: null, _time, NullLogger.Instance);
        await _gateway.StartAsync(Cancellation);
        _pass = _gateway.Admit(new GatewayGuest { Account = account.Name, Held = _lease.MayCallAsync, Usage = new UsageLedger(new PriceTable(NoPrices), _time) });
    }

    public async ValueTask DisposeAsync()
    {
        _agent.Dispose();
        await _pass.DisposeAsync();
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
        _lease.Dispose();
    }

    [Fact]
    public async Task Call_PassesUnchanged_WithTheAccountsKeyInPlaceOfTheToken()
    {
        var zipped = Zip("""{"stream":false}""");
        using var call = Call(HttpMethod.Post, "/v1/messages?beta=true&q=a%2Fb");
        call.Content = new ByteArrayContent(zipped) { Headers = { { "Content-Type", "application/json" }, { "Content-Encoding", "gzip" } } };
        call.Headers.Add("anthropic-beta", "one,two");
        call.Headers.Add("Accept-Encoding", "gzip, br");

        using var answer = await _agent.SendAsync(call, Cancellation);

        Assert.Equal("an answer", await answer.Content.ReadAsStringAsync(Cancellation));
        var received = Assert.Single(_upstream.Calls);
        Assert.Equal(("POST", "/prefix/v1/messages?beta=true&q=a%2Fb"), (received.Method, received.Target));
        Assert.Equal(zipped, received.Body);
        Assert.Equal(Key, received.Headers["x-api-key"]);
        Assert.Equal("one,two", received.Headers["anthropic-beta"]);
        Assert.Equal("gzip", received.Headers["Content-Encoding"]);
        Assert.Equal("gzip, br", received.Headers["Accept-Encoding"]);
        Assert.Equal("application/json", received.Headers["Content-Type"]);
        Assert.DoesNotContain(received.Headers.Values, value => value.Contains(_pass.Access.Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answer_PassesUnchanged_CompressedAsItIs()
    {
        var zipped = Zip("an answer");
        _answer = async call =>
        {
            call.Response.StatusCode = 529;
            call.Response.Headers.ContentEncoding = "gzip";
            call.Response.Headers.RetryAfter = "7";
            call.Response.Headers["anthropic-ratelimit-requests-remaining"] = "0";
            await call.Response.Body.WriteAsync(zipped, call.RequestAborted);
        };
        using var call = Call(HttpMethod.Get, "/v1/models");

        using var answer = await _agent.SendAsync(call, Cancellation);

        Assert.Equal(529, (int)answer.StatusCode);
        Assert.Equal(zipped, await answer.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal("7", Assert.Single(answer.Headers.GetValues("Retry-After")));
        Assert.Equal("0", Assert.Single(answer.Headers.GetValues("anthropic-ratelimit-requests-remaining")));
        Assert.Equal("gzip", Assert.Single(answer.Content.Headers.ContentEncoding));
    }

    [Fact]
    public async Task Pieces_PassWhenTheyCome()
    {
        var heard = new TaskCompletionSource();
        _answer = async call =>
        {
            call.Response.ContentType = "text/event-stream";
            await call.Response.WriteAsync("data: 1\n\n", call.RequestAborted);
            await call.Response.Body.FlushAsync(call.RequestAborted);
            await heard.Task.WaitAsync(call.RequestAborted);
            await call.Response.WriteAsync("data: 2\n\n", call.RequestAborted);
        };
        using var call = Call(HttpMethod.Post, "/v1/messages");

        using var answer = await _agent.SendAsync(call, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
        Assert.Equal("data: 1", await lines.ReadLineAsync(Cancellation));
        heard.SetResult();

        Assert.Equal("\ndata: 2\n\n", await lines.ReadToEndAsync(Cancellation));
    }

    [Theory]
    [InlineData("x-api-key", "vine_model_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("x-api-key", Key)]
    [InlineData("Authorization", "Bearer " + Key)]
    [InlineData(null, null)]
    public async Task Token_IsRefused_WhenItIsOfNoAttempt(string? header, string? value)
    {
        using var call = new HttpRequestMessage(HttpMethod.Post, new Uri(_pass.Access.Url, "/v1/messages"));
        if (header is not null)
        {
            call.Headers.TryAddWithoutValidation(header, value);
        }

        using var answer = await _agent.SendAsync(call, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("authentication_error", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Empty(_upstream.Calls);
    }

    [Theory]
    [InlineData("GET /v1/files HTTP/1.1")]
    [InlineData("DELETE /v1/messages HTTP/1.1")]
    [InlineData("POST /v1/messages/batches HTTP/1.1")]
    [InlineData("POST /v1/messages/../files HTTP/1.1")]
    [InlineData("POST /v1/messages/batches#/../../messages/count_tokens HTTP/1.1")]
    [InlineData("POST /v1/messages/batches%23/../../messages HTTP/1.1")]
    [InlineData("POST /v1/messages#/ HTTP/1.1")]
    [InlineData("POST /v1/%6Dessages HTTP/1.1")]
    [InlineData("POST /v1/files/../messages HTTP/1.1")]
    [InlineData("POST /v1\\messages HTTP/1.1")]
    [InlineData("POST http://elsewhere.invalid/v1/files HTTP/1.1")]
    [InlineData("OPTIONS * HTTP/1.1")]
    [InlineData("CONNECT x.elsewhere.invalid:443 HTTP/1.1")]
    public async Task Call_IsRefused_WhenItIsNoModels(string line)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", _pass.Access.Url.Port, Cancellation);
        var stream = socket.GetStream();
        var host = line.StartsWith("CONNECT", StringComparison.Ordinal) ? "x.elsewhere.invalid:443"
            : line.Contains("http://", StringComparison.Ordinal) ? "elsewhere.invalid" : "127.0.0.1";
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"{line}\r\nHost: {host}\r\nx-api-key: {_pass.Access.Token}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), Cancellation);

        var answer = await new StreamReader(stream).ReadToEndAsync(Cancellation);

        Assert.StartsWith("HTTP/1.1 40", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, answer, StringComparison.Ordinal);
        Assert.Empty(_upstream.Calls);
    }

    [Fact]
    public async Task Token_EndsWithItsAttempt_AndSoDoCallsUnderWay()
    {
        var begun = new TaskCompletionSource();
        var gone = new TaskCompletionSource();
        _answer = call => StandAsync(call, begun, gone);
        using var first = Call(HttpMethod.Post, "/v1/messages");
        var underWay = _agent.SendAsync(first, Cancellation);
        await begun.Task.WaitAsync(Cancellation);

        await _pass.DisposeAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => underWay);
        await gone.Task.WaitAsync(Cancellation);
        using var second = Call(HttpMethod.Post, "/v1/messages");
        using var answer = await _agent.SendAsync(second, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Upstream_IsLeft_WhenTheAgentGoes()
    {
        var begun = new TaskCompletionSource();
        var gone = new TaskCompletionSource();
        _answer = call => StandAsync(call, begun, gone);
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var call = Call(HttpMethod.Post, "/v1/messages");
        var underWay = _agent.SendAsync(call, leaves.Token);
        await begun.Task.WaitAsync(Cancellation);

        await leaves.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => underWay);
        await gone.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task AgentsConnection_IsCut_WhenTheUpstreamBreaksOff()
    {
        var heard = new TaskCompletionSource();
        _answer = async call =>
        {
            await call.Response.WriteAsync("data: half of it", call.RequestAborted);
            await call.Response.Body.FlushAsync(call.RequestAborted);
            await heard.Task.WaitAsync(call.RequestAborted);
            call.Abort();
        };
        using var call = Call(HttpMethod.Post, "/v1/messages");
        using var answer = await _agent.SendAsync(call, HttpCompletionOption.ResponseHeadersRead, Cancellation);

        heard.SetResult();

        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Agent_IsToldSo_WhenTheUpstreamIsAway()
    {
        await _upstream.DisposeAsync();
        using var call = Call(HttpMethod.Post, "/v1/messages");

        using var answer = await _agent.SendAsync(call, Cancellation);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Contains("api_error", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_IsHeld_UntilTheLeaseIsRenewed()
    {
        _time.Advance(TimeSpan.FromMinutes(10));
        using var call = Call(HttpMethod.Post, "/v1/messages");
        var held = _agent.SendAsync(call, Cancellation);
        using var foreign = new HttpRequestMessage(HttpMethod.Get, _pass.Access.Url);
        using var other = await _agent.SendAsync(foreign, Cancellation);
        Assert.False(held.IsCompleted);
        Assert.Empty(_upstream.Calls);

        _lease.Renew(_time.GetTimestamp());

        using var answer = await held;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single(_upstream.Calls);
    }

    [Fact]
    public async Task HeldCall_IsCut_WhenTheLeaseIsLost()
    {
        _time.Advance(TimeSpan.FromMinutes(10));
        using var call = Call(HttpMethod.Post, "/v1/messages");
        var held = _agent.SendAsync(call, Cancellation);

        _lease.Lose();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => held);
        Assert.Empty(_upstream.Calls);
    }

    private static async Task StandAsync(HttpContext call, TaskCompletionSource begun, TaskCompletionSource gone)
    {
        await using var aborted = call.RequestAborted.Register(gone.SetResult);
        begun.SetResult();
        await gone.Task;
    }

    private static byte[] Zip(string text)
    {
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            zip.Write(Encoding.UTF8.GetBytes(text));
        }

        return zipped.ToArray();
    }

    private HttpRequestMessage Call(HttpMethod method, string target)
    {
        var call = new HttpRequestMessage(method, new Uri(_pass.Access.Url, target));
        call.Headers.Add("x-api-key", _pass.Access.Token);
        return call;
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

public sealed class BodyLimitTests(BodyLimitTests.LimitedServer fixture) : IClassFixture<BodyLimitTests.LimitedServer>
{
    private const int Huge = 50 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("/tasks")]
    [InlineData("/raw")]
    [InlineData("/large")]
    public async Task Body_IsRefusedAtItsHeader_WhenItsLengthIsTooMuch(string path)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        using var socket = await fixture.Server.ConnectAsync(patience.Token);
        await using var stream = new NetworkStream(socket);

        // Not a byte of the body is sent: the answer cannot depend on any.
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head(path, $"Content-Length: {Huge}")), patience.Token);
        var reply = await RawReply.ReadAsync(stream, patience.Token);

        Assert.Equal((413, ErrorCodes.BodyTooLarge), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Sender_HearsTheRefusal_WhileItIsStillSending()
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        using var socket = await fixture.Server.ConnectAsync(patience.Token);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head("/tasks", $"Content-Length: {Huge}")), patience.Token);

        var sending = SendUntilCutAsync(stream, new byte[64 * 1024], Huge, patience.Token);
        var reply = await RawReply.ReadAsync(stream, patience.Token);
        socket.Dispose();
        await sending;

        Assert.Equal((413, ErrorCodes.BodyTooLarge), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("/tasks")]
    [InlineData("/raw")]
    public async Task SenderThatNeverLooks_HearsTheRefusalToo(string path)
    {
        // HttpClient reads the answer after the whole body: it must be let finish, or it reports a broken connection instead.
        var reply = await fixture.Server.Client.PostAsync(path, Replies.Json(new string(' ', 8 * 1024 * 1024)));

        await reply.ProblemAsync(413, ErrorCodes.BodyTooLarge);
    }

    [Theory]
    [InlineData("/tasks")]
    [InlineData("/raw")]
    public async Task ChunkedBody_IsCutAtTheLimit(string path)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        using var socket = await fixture.Server.ConnectAsync(patience.Token);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head(path, "Transfer-Encoding: chunked")), patience.Token);

        var chunk = Encoding.ASCII.GetBytes("10000\r\n" + new string(' ', 0x10000) + "\r\n");
        var sending = SendUntilCutAsync(stream, chunk, Huge, patience.Token);
        var reply = await RawReply.ReadAsync(stream, patience.Token);

        Assert.Equal((413, ErrorCodes.BodyTooLarge), (reply.Status, reply.Code));
        Assert.True(await sending < Huge, "The server took the whole body.");
    }

    [Fact]
    public async Task SmallRequests_AreAnswered_WhileHugeOnesArrive()
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var sockets = new List<Socket>();
        var uploads = new List<Task<long>>();
        try
        {
            for (var i = 0; i < 8; i++)
            {
                var socket = await fixture.Server.ConnectAsync(patience.Token);
                sockets.Add(socket);
                await socket.SendAsync(Encoding.ASCII.GetBytes(Head("/tasks", $"Content-Length: {Huge}")), patience.Token);
                uploads.Add(SendUntilCutAsync(new NetworkStream(socket), new byte[64 * 1024], Huge, patience.Token));
            }

            var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
                fixture.Server.Client.PostAsync("/tasks", Replies.Json("""{"title":"a","repository_url":"r"}"""), patience.Token)));

            Assert.All(replies, reply => Assert.Equal(HttpStatusCode.OK, reply.StatusCode));
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
            await Task.WhenAll(uploads);
        }
    }

    [Fact]
    public async Task Body_IsTaken_UpToTheRoutesOwnLimit()
    {
        var below = await fixture.Server.Client.PostAsync("/large", new ByteArrayContent(new byte[4 * 1024 * 1024]));
        var above = await fixture.Server.Client.PostAsync("/large", new ByteArrayContent(new byte[(4 * 1024 * 1024) + 1]));
        var other = await fixture.Server.Client.PostAsync("/raw", new ByteArrayContent(new byte[1024 * 1024]));

        Assert.Equal("4194304", await below.Content.ReadAsStringAsync());
        await above.ProblemAsync(413, ErrorCodes.BodyTooLarge);
        Assert.Equal("1048576", await other.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Headers_AreBounded()
    {
        var many = await fixture.Server.RawAsync(
            $"GET /about HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 100).Select(i => $"X-{i}: a\r\n"))}\r\n");
        var large = await fixture.Server.RawAsync($"GET /about HTTP/1.1\r\nHost: localhost\r\nX-Large: {new string('a', 40_000)}\r\n\r\n");

        Assert.Equal((431, 431), (many.Status, large.Status));
    }

    private static string Head(string path, string length) =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{length}\r\n\r\n";

    private static async Task<long> SendUntilCutAsync(NetworkStream stream, byte[] block, long total, CancellationToken cancellationToken)
    {
        var sent = 0L;
        try
        {
            for (; sent < total; sent += block.Length)
            {
                await stream.WriteAsync(block, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The server has closed the connection: that is the point.
        }

        return sent;
    }

    public sealed class LimitedServer : IAsyncLifetime
    {
        public HttpServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await HttpServer.StartAsync(routes =>
        {
            routes.MapPost("/tasks", (Body<CreateTaskRequest> body) => TypedResults.Ok(body.Value)).AllowOpen();
            routes.MapPost("/raw", LengthAsync).AllowOpen();
            routes.MapPost("/large", LengthAsync).LimitBody(4 * 1024 * 1024).AllowOpen();
        });

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();

        private static async Task<string> LengthAsync(HttpRequest request)
        {
            using var content = new MemoryStream();
            await request.Body.CopyToAsync(content);
            return content.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}

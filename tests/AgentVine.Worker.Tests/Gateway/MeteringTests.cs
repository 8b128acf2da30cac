using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using AgentVine.Contracts.Tasks;
using AgentVine.Worker.Accounts;
using AgentVine.Worker.Tests.Host;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentVine.Worker.Tests.Gateway;

/// <summary>What passes is not changed by being metered, and is metered whatever its form.</summary>
public sealed class MeteringTests
{
    private const string Answer = """
        event: message_start
        data: {"type":"message_start","message":{"model":"claude-opus-4-5-20251101","usage":{"input_tokens":12,"cache_read_input_tokens":3000,"cache_creation_input_tokens":400,"output_tokens":1}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Grüße 🌱 und so weiter und so fort"}}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":77}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    private const string Whole = """{"id":"msg_1","type":"message","model":"claude-opus-4-5","content":[{"type":"text","text":"x"}],"usage":{"input_tokens":12,"cache_read_input_tokens":3000,"cache_creation_input_tokens":400,"output_tokens":77}}""";

    // 12, 3000, 400 and 77 tokens at 5, 0.5, 6.25 and 25 dollars a million.
    private const decimal Cost = 0.005985m;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("text/event-stream", "", 1)]
    [InlineData("text/event-stream;charset=UTF-8", "", 7)]
    [InlineData("text/event-stream", "gzip", 1)]
    [InlineData("text/event-stream", "gzip", 13)]
    [InlineData("text/event-stream", "br", 3)]
    [InlineData("text/event-stream", "deflate", 3)]
    [InlineData("application/json", "", 11)]
    [InlineData("application/json", "gzip", 11)]
    [InlineData("application/json", "br", 100_000)]
    public async Task Answer_IsTheSameByteForByte_AndMetered(string type, string encoding, int piece)
    {
        var bytes = Encoded(type.StartsWith("text", StringComparison.Ordinal) ? Answer : Whole, encoding);
        await using var ground = await GatewayGround.StartAsync(call => SendAsync(call, type, encoding, bytes, piece));
        await using var pass = ground.Admit();

        using var answer = await ground.CallAsync(pass);

        Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(type, answer.Content.Headers.NonValidated["Content-Type"].ToString());
        await Patience.UntilAsync(() => ground.Usage.Total.Calls == 1, "the call is booked");
        Assert.Equal((1, Cost, new TokenCount(12, 77, 3000, 400)), ground.Usage.Total);
        Assert.Null(pass.Trouble);
        Assert.Empty(ground.Notes);
        var row = Assert.Single(ground.Usage.TakeChanged());
        Assert.Equal((new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), 1, 3000, Cost), (row.Minute, row.Calls, row.CacheRead, row.CostUsd));
        Assert.Empty(ground.Usage.TakeChanged());
    }

    [Theory]
    [InlineData("text/event-stream", "gzip", "this is not gzip at all")]
    [InlineData("text/event-stream", "br", "nor is this what it says")]
    [InlineData("text/event-stream", "zstd", "of which this runtime knows nothing")]
    [InlineData("text/event-stream", "", "data: {\"type\":\"message_start\",\"message\":[]}\n\ndata: [1,2\n\ndata: \n\n")]
    [InlineData("text/html", "", "<html>A proxy's page.</html>")]
    [InlineData("application/json", "", "{\"usage\":{\"input_tokens\":-5,\"output_tokens\":1e99}}")]
    [InlineData("application/json", "", "")]
    public async Task Answer_IsTheSameByteForByte_WhenItCannotBeMetered(string type, string encoding, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        await using var ground = await GatewayGround.StartAsync(call => SendAsync(call, type, encoding, bytes, 5));
        await using var pass = ground.Admit();

        using var answer = await ground.CallAsync(pass);

        Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(0, ground.Usage.Total.CostUsd);
    }

    [Fact]
    public async Task Answer_ThatTheAgentLeaves_IsMeteredByWhatCame()
    {
        var left = new TaskCompletionSource();
        await using var ground = await GatewayGround.StartAsync(async call =>
        {
            await SendAsync(call, "text/event-stream", string.Empty, Encoding.UTF8.GetBytes(Answer[..Answer.IndexOf("event: message_delta", StringComparison.Ordinal)]), 1000);
            await using var gone = call.RequestAborted.Register(left.SetResult);
            await left.Task;
        });
        await using var pass = ground.Admit();
        using (var answer = await ground.CallAsync(pass))
        {
            using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
            await body.ReadExactlyAsync(new byte[300], Cancellation);
        }

        await left.Task.WaitAsync(Cancellation);
        await Patience.UntilAsync(() => ground.Usage.Total.Calls == 1, "the call is booked");

        var tokens = ground.Usage.Total.Tokens;
        Assert.Equal((12, 3000, 400), (tokens.Input, tokens.CacheRead, tokens.CacheWrite));
        Assert.InRange(tokens.Output, 5, 30);
        Assert.Null(pass.Trouble);
    }

    [Fact]
    public async Task Answer_ThatTheProviderBreaksOff_IsACutConnection_AndMeteredByWhatCame()
    {
        var heard = new TaskCompletionSource();
        await using var ground = await GatewayGround.StartAsync(async call =>
        {
            await SendAsync(call, "text/event-stream", string.Empty, Encoding.UTF8.GetBytes(Answer[..400]), 1000);
            await heard.Task.WaitAsync(call.RequestAborted);
            call.Abort();
        });
        await using var pass = ground.Admit();
        using var answer = await ground.CallAsync(pass);

        heard.SetResult();

        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsByteArrayAsync(Cancellation));
        await Patience.UntilAsync(() => ground.Usage.Total.Calls == 1, "the call is booked");
        Assert.Equal(FailureCause.MalformedAnswer, pass.Trouble?.Cause);
    }

    [Fact]
    public async Task CountingTokens_CostsNothing()
    {
        await using var ground = await GatewayGround.StartAsync(call => call.Response.WriteAsync("""{"input_tokens":5,"usage":{"input_tokens":5}}"""));
        await using var pass = ground.Admit();

        using var answer = await ground.CallAsync(pass, target: "/v1/messages/count_tokens");

        Assert.True(answer.IsSuccessStatusCode);
        await pass.DisposeAsync();
        Assert.Equal(0, ground.Usage.Total.Calls);
    }

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "gzip, deflate, br")]
    [InlineData("gzip;q=0.5, zstd;q=1, *", "gzip;q=0.5")]
    [InlineData("zstd", "identity")]
    [InlineData("br,gzip", "br,gzip")]
    public async Task Encodings_ThatCannotBeMetered_AreNotAskedFor(string accepted, string asked)
    {
        await using var ground = await GatewayGround.StartAsync(call => SendAsync(call, "application/json", string.Empty, Encoding.UTF8.GetBytes(Whole), 100));
        await using var pass = ground.Admit();

        using var answer = await ground.CallAsync(pass, null, "/v1/messages", ("Accept-Encoding", accepted));

        Assert.Equal(asked, Assert.Single(ground.Upstream.Calls).Headers["Accept-Encoding"]);
    }

    [Fact]
    public async Task Lines_OfFiftyMegabytes_PassBothWays_InBoundedMemory()
    {
        const int Length = 50 * 1024 * 1024;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var during = 0L;
        var received = string.Empty;
        await using var ground = await GatewayGround.StartAsync(
            async call =>
            {
                received = Convert.ToHexString(await SHA256.HashDataAsync(call.Request.Body, call.RequestAborted));
                call.Response.ContentType = "text/event-stream";
                await call.Response.WriteAsync("data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":9}}}\n\ndata: ", call.RequestAborted);
                using var line = new Letters(Length);
                await line.CopyToAsync(call.Response.Body, call.RequestAborted);
                during = GC.GetTotalMemory(forceFullCollection: true);
                await call.Response.WriteAsync("\n\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":8}}\n\n", call.RequestAborted);
            },
            keepsBodies: false);
        await using var pass = ground.Admit();
        using var sent = new Letters(Length);

        using var answer = await ground.CallAsync(pass, new StreamContent(sent));

        using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        var buffer = new byte[64 * 1024];
        long total = 0;
        int read;
        while ((read = await body.ReadAsync(buffer, Cancellation)) > 0)
        {
            total += read;
        }

        using var same = new Letters(Length);
        Assert.Equal(Convert.ToHexString(await SHA256.HashDataAsync(same, Cancellation)), received);
        Assert.InRange(total, Length + 100, Length + 300);
        Assert.InRange(during - before, long.MinValue, 25 * 1024 * 1024);
        await Patience.UntilAsync(() => ground.Usage.Total.Calls == 1, "the call is booked");
        Assert.Equal((9, 8), (ground.Usage.Total.Tokens.Input, ground.Usage.Total.Tokens.Output));
    }

    [Fact]
    public async Task Model_WithoutAPrice_CountsAsTheDearest_AndTheOutputSaysSoOnce()
    {
        var body = Encoding.UTF8.GetBytes(Whole.Replace("claude-opus-4-5", "claude-novel-1", StringComparison.Ordinal));
        await using var ground = await GatewayGround.StartAsync(call => SendAsync(call, "application/json", string.Empty, body, 1000));
        await using var pass = ground.Admit();

        for (var i = 1; i <= 2; i++)
        {
            using var answer = await ground.CallAsync(pass);
            await Patience.UntilAsync(() => ground.Usage.Total.Calls == i, "the call is booked");
        }

        Assert.Contains("claude-novel-1", Assert.Single(ground.Notes), StringComparison.Ordinal);
        Assert.Equal(2 * Cost * 3, ground.Usage.Total.CostUsd);
    }

    [Theory]
    [InlineData("claude-opus-4-20250514", 15)]
    [InlineData("claude-opus-4-5-20251101", 5)]
    [InlineData("claude-opus-5-5", 4)]
    [InlineData("claude-sonnet-4-5[1m]", 3)]
    [InlineData("claude-3-5-haiku-latest", 0.8)]
    [InlineData("us.anthropic.claude-3-5-haiku-20241022-v1:0", 0.8)]
    [InlineData("claude-haiku-4-5@20251001", 1)]
    [InlineData("claude-novel-1", 15)]
    [InlineData("claude-opus-4-5-turbo", 15)]
    [InlineData(null, 15)]
    public void Price_IsFoundByTheModelsId(string? model, double input) =>
        Assert.Equal((decimal)input, new PriceTable(new Dictionary<string, ModelPrice>()).PriceOf(model).Input);

    [Fact]
    public void Price_OfTheSettings_StandsOverTheList()
    {
        var prices = new PriceTable(new Dictionary<string, ModelPrice> { ["claude-opus-4-5"] = new(1, 2, 3, 4), ["claude-novel-1"] = new(20, 100, 25, 2) });

        Assert.Equal(1, prices.PriceOf("claude-opus-4-5-20251101").Input);
        Assert.True(prices.Knows("claude-novel-1"));
        Assert.Equal(20, prices.PriceOf("claude-unheard-of").Input);
    }

    private static async Task SendAsync(HttpContext call, string type, string encoding, byte[] bytes, int piece)
    {
        call.Response.ContentType = type;
        if (encoding.Length > 0)
        {
            call.Response.Headers.ContentEncoding = encoding;
        }

        foreach (var part in bytes.Chunk(piece))
        {
            await call.Response.Body.WriteAsync(part, call.RequestAborted);
            await call.Response.Body.FlushAsync(call.RequestAborted);
        }
    }

    private static byte[] Encoded(string text, string encoding)
    {
        using var coded = new MemoryStream();
        using (Stream coder = encoding switch
        {
            "gzip" => new GZipStream(coded, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(coded, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(coded, CompressionLevel.Fastest, leaveOpen: true),
            _ => new BufferedStream(coded),
        })
        {
            coder.Write(Encoding.UTF8.GetBytes(text));
            coder.Flush();
            return coder is BufferedStream ? coded.ToArray() : Finish(coder, coded);
        }
    }

    private static byte[] Finish(Stream coder, MemoryStream coded)
    {
        coder.Dispose();
        return coded.ToArray();
    }

    /// <summary>So many letters, and no line's end among them.</summary>
    private sealed class Letters(long length) : MemoryStream
    {
        private long _left = length;

        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, _left);
            for (var i = 0; i < count; i++)
            {
                buffer[i] = (byte)('a' + ((_left - i) % 26));
            }

            _left -= count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer, offset, count));

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            var buffer = new byte[64 * 1024];
            int read;
            while ((read = Read(buffer)) > 0)
            {
                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
    }
}

using System.Text;
using System.Text.Json;
using AgentVine.Runtimes.ClaudeCode;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

public sealed class ClaudeLineReaderTests
{
    [Fact]
    public async Task Lines_AreReadWhole_HoweverTheyArrive()
    {
        string[] lines = ["{\"a\":1}", $"{{\"b\":\"{new string('ü', 200_000)}\"}}", "no JSON", "{\"c\":3}"];

        var read = await ReadAsync(string.Join("\n", lines.Take(3)) + "\r\n\n" + lines[3]);

        Assert.Equal(lines, read.Select(line => line.Raw));
        Assert.Equal([true, true, false, true], read.Select(line => line.Parsed is not null));
        Assert.Equal(200_000, read[1].Parsed!.Value.GetProperty("b").GetString()!.Length);
    }

    [Fact]
    public async Task LongLine_IsParsedWholeAndKeptInPart()
    {
        var read = await ReadAsync($"{{\"a\":\"{new string('x', 5000)}\"}}\n{{\"b\":2}}\n", kept: 1000);

        Assert.Equal(5000, read[0].Parsed!.Value.GetProperty("a").GetString()!.Length);
        Assert.Equal(1000, read[0].Raw.IndexOf('…', StringComparison.Ordinal));
        Assert.EndsWith("… [cut: a line of 5008 bytes]", read[0].Raw);
        Assert.Equal("{\"b\":2}", read[1].Raw);
    }

    [Theory]
    [InlineData(@"\ud83d\ude00", "😀")]
    [InlineData(@"\ud83d", "\ufffd")]
    [InlineData(@"\ude00 \ud83dx", "\ufffd \ufffdx")]
    [InlineData(@"\\ud83d", @"\ud83d")]
    [InlineData(@"\ud83d\ud83d\ude00", "\ufffd😀")]
    [InlineData(@"\n\u00e9\DBAD", null)]
    public async Task HalfASurrogatePair_IsMended(string json, string? expected)
    {
        var read = await ReadAsync($"{{\"a\":\"{json}\"}}\n");

        Assert.Contains(json, read[0].Raw);
        Assert.Equal(expected, read[0].Parsed?.GetProperty("a").GetString());
    }

    [Fact]
    public async Task EndlessLine_IsPassedOver()
    {
        var read = await ReadAsync($"{{\"a\":1}}\n{new string('x', 300_000)}\n{{\"b\":2}}\n", longest: 10_000);

        Assert.Equal(3, read.Count);
        Assert.Null(read[1].Parsed);
        Assert.EndsWith("… [not read: a line of 300000 bytes]", read[1].Raw);
        Assert.True(read[1].Raw.Length < 1100);
        Assert.NotNull(read[2].Parsed);
    }

    private static async Task<List<(string Raw, JsonElement? Parsed)>> ReadAsync(string text, int kept = 1 << 20, long longest = 1 << 24)
    {
        var read = new List<(string, JsonElement?)>();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await foreach (var line in new ClaudeLineReader(stream, kept, longest).ReadAsync(CancellationToken.None))
        {
            using (line.Document)
            {
                read.Add((line.Raw, line.Document?.RootElement.Clone()));
            }
        }

        return read;
    }
}

using System.Text;
using AgentVine.Runtimes.Processes;
using Xunit;

namespace AgentVine.Runtimes.Tests.Processes;

public sealed class BoundedLineReaderTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("one", new[] { "one" })]
    [InlineData("one\n", new[] { "one" })]
    [InlineData("\n\n", new[] { "", "" })]
    [InlineData("one\r\ntwo\rthree\n", new[] { "one", "two\rthree" })]
    [InlineData("äöü €\nx", new[] { "äöü €", "x" })]
    public async Task Lines_AreReadWithoutTheirEnds(string text, string[] expected)
    {
        Assert.Equal(expected, await LinesAsync(text, longest: 100));
    }

    [Fact]
    public async Task Line_IsKeptWhole_UpToTheLimit()
    {
        var line = new string('x', 100_000);

        Assert.Equal([line, "y"], await LinesAsync($"{line}\ny\n", longest: 100_000));
    }

    [Fact]
    public async Task Line_IsCutAndMarked_BeyondTheLimit()
    {
        var lines = await LinesAsync($"{new string('x', 100_001)}\ny\n", longest: 100_000);

        Assert.StartsWith(new string('x', 100_000) + "…", lines[0]);
        Assert.Contains("1 more", lines[0]);
        Assert.Equal("y", lines[1]);
    }

    private static async Task<List<string>> LinesAsync(string text, int longest)
    {
        var reader = new BoundedLineReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), longest);
        var lines = new List<string>();
        while (await reader.ReadAsync(CancellationToken.None) is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }
}

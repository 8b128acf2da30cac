using AgentVine.Engine.Identity;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

public sealed class ListenPolicyTests
{
    private static readonly AccessKey Chosen = AccessKey.Configured("0123456789abcdef");
    private static readonly AccessKey Made = AccessKey.Run(HttpServer.Key);

    [Theory]
    [InlineData("http://127.0.0.1:8000")]
    [InlineData("http://localhost:8000")]
    [InlineData("https://LOCALHOST")]
    [InlineData("http://127.1.2.3:80/")]
    [InlineData("http://[::1]:8000")]
    [InlineData("http://unix:/run/vine.sock")]
    public void Loopback_IsServed_WithoutAChosenKey(string url)
    {
        ListenPolicy.Check([url], new AccessOptions { Key = Made });

        Assert.Equal(AccessMode.Loopback, ListenPolicy.ModeFor([url], asked: null));
    }

    [Theory]
    [InlineData("http://0.0.0.0:8000")]
    [InlineData("http://*:8000")]
    [InlineData("http://+:8000")]
    [InlineData("http://[::]:8000")]
    [InlineData("http://192.168.1.10:8000")]
    [InlineData("http://vine.example:8000")]
    [InlineData("http://localhost.example:8000")]
    [InlineData("http://127.0.0.1.example")]
    [InlineData("http://127.0.0.1@192.168.1.10")]
    [InlineData("http://[::ffff:192.168.1.10]:8000")]
    public void OtherAddress_IsRefused_UntilAKeyIsChosenAndRequired(string url)
    {
        var urls = new[] { "http://127.0.0.1:8000", url };

        var without = Assert.Throws<ListenRefusedException>(() => ListenPolicy.Check(urls, new AccessOptions { Key = Made, Mode = AccessMode.Required }));
        var open = Assert.Throws<ListenRefusedException>(() => ListenPolicy.Check(urls, new AccessOptions { Key = Chosen, Mode = AccessMode.Loopback }));
        ListenPolicy.Check(urls, new AccessOptions { Key = Chosen, Mode = ListenPolicy.ModeFor(urls, asked: null) });

        Assert.Contains($"'{url}'", without.Message, StringComparison.Ordinal);
        Assert.Contains("VINE_API_KEY", without.Message, StringComparison.Ordinal);
        Assert.Contains("--auth required", open.Message, StringComparison.Ordinal);
    }
}

using System.Net;
using System.Text.RegularExpressions;
using AgentVine.Engine.Identity;
using AgentVine.Host.Docs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentVine.System.Tests.Docs;

public sealed partial class DocsTests : IAsyncLifetime
{
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await StartAsync(AccessMode.Loopback);
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    [Fact]
    public async Task Page_NeedsNothingFromElsewhere()
    {
        var page = await _client.GetAsync("/docs");
        var html = await page.Content.ReadAsStringAsync();
        var assets = Assets().Matches(html).Select(match => match.Groups[1].Value).ToArray();

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("./swagger-ui-bundle.js", assets);
        foreach (var asset in assets)
        {
            var address = new Uri(page.RequestMessage!.RequestUri!, asset);
            Assert.Equal(_client.BaseAddress!.Authority, address.Authority);
            Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync(address)).StatusCode);
        }

        Assert.Contains("/openapi/v1.json", await _client.GetStringAsync("/docs/index.js"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_CanBeLinkedToByTheirCodes()
    {
        var html = await _client.GetStringAsync("/docs/errors");

        Assert.Contains("<h2 id=\"auth.key_required\">", html, StringComparison.Ordinal);
        Assert.Contains("<code>Authorization: Bearer &lt;key&gt;</code>", html, StringComparison.Ordinal);
        Assert.DoesNotContain('`', html);
    }

    [Fact]
    public async Task Pages_WantTheKey_WhereAuthenticationIsRequired()
    {
        await using var app = await StartAsync(AccessMode.Required);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        foreach (var path in new[] { "/docs", "/docs/index.html", "/docs/swagger-ui-bundle.js", "/docs/errors" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(path)).StatusCode);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    private static async Task<WebApplication> StartAsync(AccessMode mode)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Services.AddIdentity(new AccessOptions { Mode = mode, Key = AccessKey.Run("vine_0123456789abcdef0123456789abcdef") });
        var app = builder.Build();
        app.UseIdentity();
        app.MapDocs();
        await app.StartAsync();
        return app;
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]+)\"")]
    private static partial Regex Assets();
}

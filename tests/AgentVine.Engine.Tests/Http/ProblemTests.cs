using System.Text.RegularExpressions;
using AgentVine.Contracts;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

public sealed class ProblemTests(ProblemTests.FaultyServer fixture) : IClassFixture<ProblemTests.FaultyServer>
{
    [Fact]
    public async Task Refusal_KeepsItsStatusCodeAndWords()
    {
        var problem = await (await fixture.Server.Client.GetAsync("/refuse")).ProblemAsync(409, ErrorCodes.TasksTransition);

        Assert.Equal("The task is completed; it cannot be cancelled.", problem.Detail);
        Assert.Equal("Conflict", problem.Title);
        Assert.Null(problem.Errors);
    }

    [Fact]
    public async Task Bug_TellsNothingButItsTrace()
    {
        var reply = await fixture.Server.Client.GetAsync("/bug");

        var problem = await reply.ProblemAsync(500, ErrorCodes.Internal);
        var text = await reply.Content.ReadAsStringAsync();
        Assert.DoesNotContain("secret", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.Contains(problem.TraceId!, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnavailableStore_AsksForAnotherTry()
    {
        var reply = await fixture.Server.Client.GetAsync("/unavailable");

        var problem = await reply.ProblemAsync(503, ErrorCodes.StorageUnavailable);
        Assert.Equal(TimeSpan.FromSeconds(5), reply.Headers.RetryAfter?.Delta);
        Assert.DoesNotContain("secret", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Route_IsNotFound_WhenThereIsNone()
    {
        var problem = await (await fixture.Server.Client.GetAsync("/api/v1/taks")).ProblemAsync(404, ErrorCodes.RouteNotFound);

        Assert.Contains("GET /api/v1/taks", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Id_ThatIsNoUuid_IsNoRoute() =>
        await (await fixture.Server.Client.GetAsync("/items/7")).ProblemAsync(404, ErrorCodes.RouteNotFound);

    [Fact]
    public async Task Id_ThatIsNoUuid_IsNamed_WhenTheRouteTakesAnyText()
    {
        var problem = await (await fixture.Server.Client.GetAsync("/loose/7")).ProblemAsync(400, ErrorCodes.ValidationFailed);

        Assert.Contains("\"Guid id\"", problem.Errors!["$"].Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Method_IsRefusedWithThoseAllowed_AlsoWithoutAKey()
    {
        var reply = await fixture.Server.Client.DeleteAsync("/refuse");
        var wantsKey = await fixture.Server.Client.DeleteAsync("/key");

        var problem = await reply.ProblemAsync(405, ErrorCodes.RouteMethod);
        Assert.Equal("There is no DELETE /refuse here; this path takes GET.", problem.Detail);
        Assert.Equal(["GET"], reply.Content.Headers.Allow);
        await wantsKey.ProblemAsync(405, ErrorCodes.RouteMethod);
    }

    [Fact]
    public async Task Answers_CarryNoServerHeaderAndForbidGuessing()
    {
        var reply = await fixture.Server.Client.GetAsync("/refuse");

        Assert.False(reply.Headers.Contains("Server"));
        Assert.Equal(["nosniff"], reply.Headers.GetValues("X-Content-Type-Options"));
    }

    [Fact]
    public void EveryCode_IsExplained()
    {
        var sections = Sections();
        var codes = typeof(ErrorCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToArray();

        Assert.Equal(codes.Order(), sections.Keys.Order());
        foreach (var (code, text) in sections)
        {
            Assert.Matches(@"^Status \d{3}\.\n\n- What it means: .+\n- Why it happens: .+\n- What to do: .+\n*$", text);
            Assert.Contains(StatusOf(code), text, StringComparison.Ordinal);
        }
    }

    private static Dictionary<string, string> Sections() =>
        File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "errors.md"))
            .ReplaceLineEndings("\n")
            .Split("\n## ")
            .Skip(1)
            .Select(section => section.Split("\n\n", 2))
            .ToDictionary(parts => parts[0], parts => parts[1]);

    // The summary of each code in ErrorCodes begins with its status.
    private static string StatusOf(string code)
    {
        var source = File.ReadAllText(Path.Combine(RepositoryRoot(), "src", "AgentVine.Contracts", "ErrorCodes.cs"));
        var match = Regex.Match(source, @"/// <summary>(\d{3}): [^\n]*</summary>\s+public const string \w+ = """ + Regex.Escape(code) + "\";");
        Assert.True(match.Success, $"{code} has no summary that begins with its status.");
        return $"Status {match.Groups[1].Value}.";
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AgentVine.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder.FullName;
    }

    public sealed class FaultyServer : IAsyncLifetime
    {
        public HttpServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await HttpServer.StartAsync(routes =>
        {
            var group = routes.MapGroup("").AllowOpen();
            group.MapGet("/refuse", string () => throw new ProblemException(409, ErrorCodes.TasksTransition, "The task is completed; it cannot be cancelled."));
            group.MapGet("/bug", string () => throw new InvalidOperationException("the secret is 42"));
            group.MapGet("/unavailable", string () => throw new StoreUnavailableException("disk I/O error on /secret/path"));
            group.MapGet("/items/{id:guid}", (Guid id) => id.ToString());
            group.MapGet("/loose/{id}", (Guid id) => id.ToString());
            routes.MapGet("/key", () => Results.Ok());
        });

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();
    }
}

using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

public sealed class QueryTests(QueryTests.QueryServer fixture) : IClassFixture<QueryTests.QueryServer>
{
    [Theory]
    [InlineData("", "200   False ")]
    [InlineData("?limit=1&follow", "1   True ")]
    [InlineData("?limit=1000&status=queued,in_progress&status=queued", "1000  Queued,InProgress False ")]
    [InlineData("?after=0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33&follow=false&q=a%20b", "200 0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33  False a b")]
    public async Task Query_IsRead_WhenItKeepsEveryRule(string query, string expected) =>
        Assert.Equal(expected, await fixture.Server.Client.GetStringAsync("/list" + query));

    [Fact]
    public async Task Query_ReportsEveryFault_WhenThereAreMany()
    {
        var reply = await fixture.Server.Client.GetAsync("/list?limit=0&after=x&status=queued,ready,Queued&follow=yes&q=%00&limt=3&Status=queued");

        var errors = (await reply.ProblemAsync(400, ErrorCodes.ValidationFailed)).Errors!;
        Assert.Equal(["must be a whole number between 1 and 1000, not '0'"], errors["limit"]);
        Assert.Equal(["must be a UUID, not 'x'"], errors["after"]);
        Assert.Equal(2, errors["status"].Count);
        Assert.Contains("not 'Queued'; did you mean 'queued'?", errors["status"][1], StringComparison.Ordinal);
        Assert.Equal(["must be true or false, not 'yes'"], errors["follow"]);
        Assert.Equal(["must be a text of at most 200 characters without NUL"], errors["q"]);
        Assert.Equal(["is not a query parameter that this takes; did you mean 'limit'?"], errors["limt"]);
        Assert.Equal(["is not a query parameter that this takes; did you mean 'status'?"], errors["Status"]);
        Assert.Equal(7, errors.Count);
    }

    [Theory]
    [InlineData("?limit=", "limit", "must not be empty; leave it out or give a value")]
    [InlineData("?limit=1&limit=2", "limit", "is there 2 times; give it once")]
    [InlineData("?limit=1.5", "limit", "must be a whole number between 1 and 1000, not '1.5'")]
    [InlineData("?limit=99999999999999999999", "limit", "must be a whole number between 1 and 1000, not '99999999999999999999'")]
    [InlineData("?limit=%201", "limit", "must be a whole number between 1 and 1000, not ' 1'")]
    [InlineData("?after={0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33}", "after", "must be a UUID, not '{0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33}'")]
    [InlineData("?STATUS=queued", "STATUS", "is not a query parameter that this takes; did you mean 'status'?")]
    public async Task Parameter_IsRefused_WhenItBreaksItsRule(string query, string field, string rule)
    {
        var problem = await (await fixture.Server.Client.GetAsync("/list" + query)).ProblemAsync(400, ErrorCodes.ValidationFailed);

        Assert.Equal([rule], problem.Errors![field]);
    }

    [Fact]
    public async Task UnknownParameters_AreIgnored_SinceAWorkerMayBeNewer()
    {
        Assert.Equal("7   False ", await fixture.Server.Client.GetStringAsync("/worker?limit=7&mood=good"));
        await (await fixture.Server.Client.GetAsync("/worker?limit=0&mood=good")).ProblemAsync(400, ErrorCodes.ValidationFailed);
    }

    public sealed class QueryServer : IAsyncLifetime
    {
        public HttpServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await HttpServer.StartAsync(routes =>
        {
            routes.MapGet("/list", (HttpContext context) => Query.Read(context, Read)).WithQuery(Read).AllowOpen();
            routes.MapGet("/worker", (HttpContext context) => Query.ReadFromWorker(context, Read)).WithQuery(Read).AllowOpen();
        });

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();

        private static string Read(Query query)
        {
            var limit = query.Int("limit", 1, 1000, @default: 200);
            var after = query.Guid("after");
            var status = query.Enum<AgentTaskStatus>("status");
            return $"{limit} {after} {string.Join(',', status)} {query.Bool("follow")} {query.Text("q")}";
        }
    }
}

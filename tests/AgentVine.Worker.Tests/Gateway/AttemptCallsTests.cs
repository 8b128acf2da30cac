using System.Net;
using System.Text;
using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Testing.Time;
using AgentVine.Worker.Accounts;
using AgentVine.Worker.Outbox;
using AgentVine.Worker.Tests.Host;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Worker.Tests.Gateway;

/// <summary>An attempt's calls between the gateway and the server.</summary>
public sealed class AttemptCallsTests : IAsyncLifetime
{
    private readonly OutboxGround _folder = new();
    private readonly ServerStandIn _server;
    private Func<HttpContext, Task> _model = call => call.Response.WriteAsJsonAsync(new { model = "claude-opus-4-5", usage = new { input_tokens = 1_000, output_tokens = 100 } });
    private Func<string, (HttpStatusCode Status, string Body)?> _says = _ => null;
    private WorkOrderView _order;
    private GatewayGround _ground = null!;
    private ServerLink _link = null!;
    private WorkerOutbox _news = null!;

    public AttemptCallsTests()
    {
        _server = new ServerStandIn(call => _says(call)
            ?? (call.EndsWith("/limits", StringComparison.Ordinal) ? (HttpStatusCode.OK, AttemptGround.Json(Limited)) : (HttpStatusCode.NoContent, string.Empty)));
        var order = Orders.New();
        _order = order with { Account = "second", Task = order.Task with { Runtime = RuntimeNames.ClaudeCode, WorkerId = Guid.NewGuid() } };
    }

    private static AccountView Limited { get; } = new() { Name = "second", Kind = AccountKind.ApiKey, Status = AccountState.Limited, Running = 1, Workers = [] };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ManualTime Time => _ground.Time;

    public async ValueTask InitializeAsync()
    {
        _ground = await GatewayGround.StartAsync(call => _model(call));
        _link = _server.Link(Time);
        _news = _folder.Open(_link, Time);
    }

    public async ValueTask DisposeAsync()
    {
        _news.Dispose();
        await _ground.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Usage_IsToldEachMinuteWhereItChanged_AndAtTheEnd()
    {
        await using var attempt = Begin();
        await CallAsync(attempt);
        await Time.RunUntilAsync(() => Told().Count == 1, "the first minute is told");
        Time.Advance(TimeSpan.FromMinutes(5));
        await CallAsync(attempt);
        var outcome = await attempt.Calls.EndAsync(new AttemptOutcome(null, "Done.", 99, TokenCount.Zero));

        await Patience.UntilAsync(() => Told().Count == 2, "the end is told");
        Assert.Equal([(0, 1, 0.0075m), (6, 1, 0.0075m)], Told().Select(row => (row.Minute!.Value.Minute, (int)row.Calls, row.CostUsd)));
        Assert.Equal((0.015m, new TokenCount(2_000, 200, 0, 0)), (outcome.CostUsd, outcome.Tokens));
    }

    [Fact]
    public async Task Cost_IsTheAgentProgramsOwn_WhereNothingWasMetered()
    {
        await using var attempt = Begin();

        var outcome = await attempt.Calls.EndAsync(new AttemptOutcome(null, "Done.", 0.5m, new TokenCount(1, 2, 3, 4)));

        Assert.Equal((0.5m, new TokenCount(1, 2, 3, 4)), (outcome.CostUsd, outcome.Tokens));
        Assert.Empty(Told());
    }

    [Fact]
    public async Task Limit_IsToldOfTheAccountThatPays_AndTheAttemptsErrorSaysUntilWhen()
    {
        await using var attempt = Begin();
        await FailAsync(attempt, 429, "rate_limit_error", "Too much.", ("retry-after", "600"));
        var failure = new TaskError { Kind = FailureKind.RateLimit, Message = "The model account is at its limit: Too much." };

        var outcome = await attempt.Calls.EndAsync(new AttemptOutcome(failure, null, 0, TokenCount.Zero));

        var until = Time.GetUtcNow().AddMinutes(10);
        Assert.Equal(failure with { Cause = FailureCause.RateLimited, RetryAt = until }, outcome.Error);
        var told = JsonSerializer.Deserialize<AccountLimitRequest>(Assert.Single(_server.Calls, call => call.Call == "POST /api/v1/accounts/second/limits").Body, VineJson.Options)!;
        Assert.Equal((_order.Task.WorkerId, FailureCause.RateLimited, "Too much.", until), (told.WorkerId, told.Cause!.Value, told.Message, told.RetryAt!.Value));
    }

    [Theory]
    [InlineData(FailureKind.Transient, null, FailureCause.Overloaded)]
    [InlineData(FailureKind.Transient, FailureCause.ServerError, FailureCause.Overloaded)]
    [InlineData(FailureKind.Transient, FailureCause.Stalled, FailureCause.Stalled)]
    [InlineData(FailureKind.BadResult, FailureCause.MaxTurns, FailureCause.MaxTurns)]
    [InlineData(FailureKind.Interrupted, null, null)]
    public async Task Cause_IsWhatTheGatewaySaw_OfFailuresOfCallsAlone(FailureKind kind, FailureCause? said, FailureCause? cause)
    {
        await using var attempt = Begin();
        await FailAsync(attempt, 529, "overloaded_error", "Overloaded");

        var outcome = await attempt.Calls.EndAsync(new AttemptOutcome(new TaskError { Kind = kind, Cause = said, Message = "words" }, null, 0, TokenCount.Zero));

        Assert.Equal((kind, cause), (outcome.Error!.Kind, outcome.Error.Cause));
    }

    [Fact]
    public async Task Cause_IsTheAgentProgramsOwn_WhenAModelAnsweredAfterTheTrouble()
    {
        await using var attempt = Begin();
        await FailAsync(attempt, 529, "overloaded_error", "Overloaded");
        await CallAsync(attempt);

        var outcome = await attempt.Calls.EndAsync(new AttemptOutcome(new TaskError { Kind = FailureKind.Transient, Cause = FailureCause.Other, Message = "words" }, null, 0, TokenCount.Zero));

        Assert.Equal(FailureCause.Other, outcome.Error!.Cause);
    }

    [Fact]
    public async Task Budget_IsAskedOfTheServer_AndItsRefusalEndsTheAttempt()
    {
        _order = _order with { Budget = new WorkOrderBudget(0, 0) };
        _says = call => call.EndsWith("/budget", StringComparison.Ordinal)
            ? (HttpStatusCode.OK, AttemptGround.Json(new BudgetResponse(0, new BudgetRefusal(BudgetScope.Repository, 20, 20, new DateTimeOffset(2030, 1, 2, 0, 0, 0, TimeSpan.Zero)))))
            : null;
        await using var attempt = Begin();

        using var answer = await CallAsync(attempt);

        Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode);
        Assert.Empty(_ground.Upstream.Calls);
        var outcome = await attempt.Calls.EndAsync(
            new AttemptOutcome(new TaskError { Kind = FailureKind.Permanent, Cause = FailureCause.NoCredit, Message = "No credit." }, null, 0, TokenCount.Zero));
        Assert.Equal((FailureKind.Budget, FailureCause.BudgetSpent), (outcome.Error!.Kind, outcome.Error.Cause));
        Assert.StartsWith("The repository's budget of the day of $20.00 has no room for another model call until 2030-01-02 00:00:00Z", outcome.Error.Message, StringComparison.Ordinal);
        var asked = JsonSerializer.Deserialize<BudgetRequest>(_server.Calls.First(call => call.Call == $"POST /api/v1/executions/{_order.ExecutionId}/budget").Body, VineJson.Options)!;
        Assert.Equal((_order.LeaseToken, 0m), (asked.LeaseToken!.Value, asked.SpentUsd!.Value));
    }

    [Fact]
    public async Task Call_IsCut_WhenTheServerHasEndedTheAttempt()
    {
        _order = _order with { Budget = new WorkOrderBudget(0, 0) };
        _says = call => call.EndsWith("/budget", StringComparison.Ordinal)
            ? (HttpStatusCode.Conflict, AttemptGround.Json(new Problem { Status = 409, Code = ErrorCodes.QueueLeaseLost, Detail = "It is another's." }))
            : null;
        await using var attempt = Begin();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => CallAsync(attempt));

        Assert.Empty(_ground.Upstream.Calls);
    }

    [Theory]
    [InlineData(null, "first", false)]
    [InlineData("second", "second", false)]
    [InlineData("third", null, true)]
    public void Account_IsTheOneThatTheServerChose_AndNoOther(string? chosen, string? pays, bool isLacking)
    {
        var accounts = new ModelAccounts([new ModelAccount { Name = "first", ApiKey = "k" }, new ModelAccount { Name = "second", ApiKey = "k" }], _ => null!);
        var order = _order with { Account = chosen };

        Assert.Equal((pays, isLacking), (accounts.For(order)?.Name, accounts.Lacks(order)));
    }

    [Theory]
    [InlineData(false, HttpStatusCode.OK)]
    [InlineData(true, HttpStatusCode.TooManyRequests)]
    public async Task LaterOrder_OpensTheGate_UnlessTheServerHadNotHeardOfTheLimit(bool isDeaf, HttpStatusCode status)
    {
        _says = call => isDeaf && call.EndsWith("/limits", StringComparison.Ordinal) ? (HttpStatusCode.NotFound, """{"status":404,"code":"accounts.not_found"}""") : null;
        await using var attempt = Begin();
        await FailAsync(attempt, 429, "rate_limit_error", "Too much.", ("retry-after", "600"));
        await attempt.Calls.EndAsync(new AttemptOutcome(null, "Done.", 0, TokenCount.Zero));
        Assert.Contains(_server.Calls, call => call.Call.EndsWith("/limits", StringComparison.Ordinal));
        Time.Advance(TimeSpan.FromSeconds(1));
        await using var later = _ground.Admit("second");

        using var answer = await _ground.CallAsync(later);

        Assert.Equal(status, answer.StatusCode);
    }

    private IReadOnlyList<UsageRow> Told() =>
        [.. _server.Calls.Where(call => call.Call == $"PUT /api/v1/executions/{_order.ExecutionId}/usage")
            .SelectMany(call => JsonSerializer.Deserialize<UsageRequest>(call.Body, VineJson.Options)!.Rows!)];

    private async Task FailAsync(Attempt attempt, int status, string type, string message, params (string Name, string Value)[] headers)
    {
        var before = _model;
        _model = call =>
        {
            call.Response.StatusCode = status;
            headers.ToList().ForEach(header => call.Response.Headers[header.Name] = header.Value);
            return call.Response.WriteAsJsonAsync(new { type = "error", error = new { type, message } });
        };
        using var answer = await CallAsync(attempt);
        Assert.Equal(status, (int)answer.StatusCode);
        _model = before;
    }

    private static async Task<HttpResponseMessage> CallAsync(Attempt attempt)
    {
        using var http = new HttpClient();
        using var call = new HttpRequestMessage(HttpMethod.Post, new Uri(attempt.Calls.Access!.Url, "/v1/messages"));
        call.Content = new StringContent("""{"model":"claude-opus-4-5"}""", Encoding.UTF8, "application/json");
        call.Headers.Add("x-api-key", attempt.Calls.Access.Token);
        return await http.SendAsync(call, Cancellation);
    }

    private Attempt Begin()
    {
        var account = new ModelAccount { Name = "second", ApiKey = "k" };
        var accounts = new ModelAccounts([new ModelAccount { Name = "first", ApiKey = "k" }, account], _ => null!);
        var models = new ModelCalls(accounts, _ground.Gateway, new PriceTable(new Dictionary<string, ModelPrice>()), _link, Time, NullLogger<ModelCalls>.Instance);
        var outbox = _news.For(_order.ExecutionId);
        var output = new OutputWriter(outbox, _order.ExecutionId, Time, NullLogger.Instance);
        var lease = Orders.Lease(_order, Time);

        // Minutes pass here, and no heartbeat.
        lease.Renew(Time.GetTimestamp() + TimeSpan.FromHours(1).Ticks);
        return new Attempt(models.Begin(lease, outbox, output), output, outbox, lease);
    }

    private sealed record Attempt(AttemptCalls Calls, OutputWriter Output, AttemptOutbox Outbox, Lease Lease) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Calls.DisposeAsync();
            await Output.DisposeAsync();
            await Outbox.DisposeAsync();
            Lease.Dispose();
        }
    }
}

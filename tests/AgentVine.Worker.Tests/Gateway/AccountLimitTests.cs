using System.Globalization;
using System.Net;
using AgentVine.Contracts.Tasks;
using AgentVine.Worker.Gateway;
using AgentVine.Worker.Tests.Host;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentVine.Worker.Tests.Gateway;

/// <summary>Limits of accounts: learned from answers, kept at the gateway, told to the server.</summary>
public sealed class AccountLimitTests
{
    private const string Words = "You have used up this hour's tokens.";
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private (int Status, string Type, (string Name, string Value)[] Headers)? _fault;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, int?> Moments => new()
    {
        { "retry-after", "3600", 3600 },
        { "retry-after", Start.AddSeconds(3600).ToString("R", CultureInfo.InvariantCulture), 3600 },
        { "anthropic-ratelimit-unified-reset", Start.AddSeconds(3600).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), 3600 },
        { "anthropic-ratelimit-input-tokens-reset", "2030-01-01T01:00:00Z", 3600 },
        { "retry-after", "soon", null },
        { "retry-after", "-5", null },
        { "retry-after", "999999999", null },
        { "anthropic-ratelimit-requests-reset", "never", null },
        { "anthropic-ratelimit-requests-reset", "2029-12-31T00:00:00Z", null },
        { "x-nothing", "1", null },
    };

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task Limit_EndsWhenTheProviderSays(string header, string value, int? seconds)
    {
        await using var ground = await StartAsync();
        await using var pass = ground.Admit();
        _fault = (429, "rate_limit_error", [(header, value)]);

        using var answer = await ground.CallAsync(pass);

        Assert.Equal(value, answer.Headers.NonValidated[header].ToString());
        await Patience.UntilAsync(() => ground.Told.Count == 1, "the server is told");
        Assert.Equal(
            ("first", FailureCause.RateLimited, Words, seconds is { } wait ? Start.AddSeconds(wait) : (DateTimeOffset?)null),
            (ground.Told.Single().Account, ground.Told.Single().Trouble.Cause, ground.Told.Single().Trouble.Message, ground.Told.Single().Trouble.RetryAt));
    }

    [Fact]
    public async Task Limit_IsOfWhatHasNothingLeft()
    {
        await using var ground = await StartAsync();
        await using var pass = ground.Admit();
        _fault = (429, "rate_limit_error",
        [
            ("anthropic-ratelimit-requests-remaining", "40"), ("anthropic-ratelimit-requests-reset", "2030-01-01T09:00:00Z"),
            ("anthropic-ratelimit-tokens-remaining", "0"), ("anthropic-ratelimit-tokens-reset", "2030-01-01T00:10:00Z"),
        ]);

        using var answer = await ground.CallAsync(pass);

        await Patience.UntilAsync(() => pass.Trouble is not null, "it is seen");
        Assert.Equal(Start.AddMinutes(10), pass.Trouble!.RetryAt);
    }

    [Fact]
    public async Task Calls_OfALimitedAccount_AreAnsweredHere_AndThoseOfAnotherAreNot()
    {
        await using var ground = await StartAsync();
        await using var pass = ground.Admit();
        await using var neighbour = ground.Admit();
        await using var elsewhere = ground.Admit("second");
        await LimitAsync(ground, pass, "3600");
        ground.Time.Advance(TimeSpan.FromMinutes(10));

        using var answer = await ground.CallAsync(neighbour);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("3000", answer.Headers.GetValues("retry-after").Single());
        Assert.Equal("false", answer.Headers.GetValues("x-should-retry").Single());
        Assert.Contains(Words, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(Start.AddHours(1), neighbour.Trouble!.RetryAt);
        using var counting = await ground.CallAsync(neighbour, target: "/v1/messages/count_tokens");
        Assert.Equal(HttpStatusCode.TooManyRequests, counting.StatusCode);
        Assert.Single(ground.Upstream.Calls);
        using var other = await ground.CallAsync(elsewhere);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal($"{GatewayGround.Key}-second", ground.Upstream.Calls.Last().Headers["x-api-key"]);
        ground.Time.Advance(TimeSpan.FromMinutes(50));
        using var late = await ground.CallAsync(neighbour);
        Assert.Equal(HttpStatusCode.OK, late.StatusCode);
        Assert.Single(ground.Told);
    }

    [Fact]
    public async Task Calls_WaitForANearEnd_AndTheServerHearsNothing()
    {
        await using var ground = await StartAsync();
        await using var pass = ground.Admit();
        await LimitAsync(ground, pass, "20", told: 0);

        var held = ground.CallAsync(pass);
        await Patience.UntilAsync(() => ground.Gateway.Held == 1, "the call is held");
        Assert.Single(ground.Upstream.Calls);
        ground.Time.Advance(TimeSpan.FromSeconds(20));

        using var answer = await held;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(ground.Told);
    }

    [Fact]
    public async Task Account_IsOpen_ToAnOrderThatTheServerGaveAfterItHeardOfTheLimit()
    {
        await using var ground = await StartAsync();
        await using var pass = ground.Admit();
        var heard = new TaskCompletionSource<DateTimeOffset?>();
        ground.ServerSays = () => heard.Task;
        await LimitAsync(ground, pass, "3600");
        ground.Time.Advance(TimeSpan.FromSeconds(1));
        await using var early = ground.Admit();
        heard.SetResult(null);
        await Patience.UntilAsync(() => pass.Upstream.Gate.PassAsync(long.MaxValue, Cancellation) is { IsCompletedSuccessfully: true, Result: null }, "the gateway knows that the server has heard");
        ground.Time.Advance(TimeSpan.FromSeconds(1));
        await using var opened = ground.Admit();

        using var refused = await ground.CallAsync(early);
        using var answered = await ground.CallAsync(opened);
        using var on = await ground.CallAsync(early);

        Assert.Equal(
            (HttpStatusCode.TooManyRequests, HttpStatusCode.OK, HttpStatusCode.OK), (refused.StatusCode, answered.StatusCode, on.StatusCode));
    }

    [Fact]
    public async Task Limit_WithoutATime_LastsAsLongAsTheServerSays()
    {
        await using var ground = await StartAsync();
        await using var pass = ground.Admit();
        ground.ServerSays = () => Task.FromResult<DateTimeOffset?>(Start.AddMinutes(4));
        await LimitAsync(ground, pass, null);

        ground.Time.Advance(TimeSpan.FromMinutes(3));
        using var refused = await ground.CallAsync(pass);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        ground.Time.Advance(TimeSpan.FromMinutes(1));
        using var answer = await ground.CallAsync(pass);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(2, ground.Upstream.Calls.Count);
    }

    [Theory]
    [InlineData(401, "authentication_error", "invalid x-api-key", FailureCause.KeyRefused, true)]
    [InlineData(403, "authentication_error", "no", FailureCause.KeyRefused, true)]
    [InlineData(403, "permission_error", "no", FailureCause.RequestRefused, false)]
    [InlineData(402, "billing_error", "no", FailureCause.NoCredit, true)]
    [InlineData(400, "invalid_request_error", "Your credit balance is too low to access the API.", FailureCause.NoCredit, true)]
    [InlineData(400, "invalid_request_error", "prompt is too long: 5 > 4", FailureCause.PromptTooLong, false)]
    [InlineData(400, "invalid_request_error", "messages: roles must alternate", FailureCause.RequestRefused, false)]
    [InlineData(529, "overloaded_error", "Overloaded", FailureCause.Overloaded, false)]
    [InlineData(500, "api_error", "Internal server error", FailureCause.ServerError, false)]
    public async Task Trouble_IsWhatTheProviderSays_AndTheServerHearsOfTheAccounts(int status, string type, string words, FailureCause cause, bool isTold)
    {
        await using var ground = await StartAsync(words);
        await using var pass = ground.Admit();
        _fault = (status, type, []);

        using var answer = await ground.CallAsync(pass);

        Assert.Equal(status, (int)answer.StatusCode);
        await Patience.UntilAsync(() => pass.Trouble is not null, "it is seen");
        Assert.Equal((cause, words), (pass.Trouble!.Cause, pass.Trouble.Message));
        Assert.Equal(isTold ? 1 : 0, ground.Told.Count);
        _fault = null;
        using var better = await ground.CallAsync(pass);
        await Patience.UntilAsync(() => pass.Trouble is null, "a model has answered");
    }

    [Fact]
    public async Task Account_StaysOpen_WhenAProxysPageForbidsTheCall()
    {
        await using var ground = await GatewayGround.StartAsync(call =>
        {
            call.Response.StatusCode = 403;
            call.Response.ContentType = "text/html";
            return call.Response.WriteAsync("<html>Not from here.</html>");
        });
        await using var pass = ground.Admit();

        using var answer = await ground.CallAsync(pass);

        await Patience.UntilAsync(() => pass.Trouble is not null, "it is seen");
        Assert.Equal(FailureCause.ServerError, pass.Trouble!.Cause);
        Assert.Empty(ground.Told);
    }

    [Fact]
    public async Task Trouble_InTheMiddleOfAStream_IsSeen()
    {
        await using var ground = await GatewayGround.StartAsync(call =>
        {
            call.Response.ContentType = "text/event-stream";
            return call.Response.WriteAsync("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n");
        });
        await using var pass = ground.Admit();

        using var answer = await ground.CallAsync(pass);

        await Patience.UntilAsync(() => pass.Trouble is not null, "it is seen");
        Assert.Equal(FailureCause.Overloaded, pass.Trouble!.Cause);
    }

    private async Task LimitAsync(GatewayGround ground, GatewayPass pass, string? after, int told = 1)
    {
        _fault = (429, "rate_limit_error", after is null ? [] : [("retry-after", after)]);
        using var answer = await ground.CallAsync(pass);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        await Patience.UntilAsync(() => pass.Trouble is not null && ground.Told.Count == told, "the limit is known");
        _fault = null;
    }

    private async Task<GatewayGround> StartAsync(string words = Words)
    {
        return await GatewayGround.StartAsync(call =>
        {
            if (_fault is not { } fault)
            {
                return call.Response.WriteAsJsonAsync(new { usage = new { input_tokens = 1, output_tokens = 1 } });
            }

            foreach (var (name, value) in fault.Headers)
            {
                call.Response.Headers[name] = value;
            }

            call.Response.StatusCode = fault.Status;
            return call.Response.WriteAsJsonAsync(new { type = "error", error = new { type = fault.Type, message = words } });
        });
    }
}

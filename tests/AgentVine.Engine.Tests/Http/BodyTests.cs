using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

public sealed class BodyTests(BodyServer fixture) : IClassFixture<BodyServer>
{
    private const string Valid = """{"title":"a","repository_url":"https://example.org/r.git"}""";

    [Fact]
    public async Task Body_IsBound_WhenItKeepsEveryRule()
    {
        var reply = await PostAsync(
            """
            {"title":"Größe 😀","description":"a\nb","task_type":"bugfix","priority":"high","permission_level":"human-required",
             "repository_url":"git@host:path","branch_name":"main","context":{"a":[1,{"b":null}]},"timeout":60,
             "depends_on":["0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33"],"max_attempts":20}
            """);

        var text = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.StatusCode == HttpStatusCode.OK, text);
        Assert.Contains("\"permission_level\":\"human-required\"", text, StringComparison.Ordinal);
        Assert.Equal("Größe 😀", JsonSerializer.Deserialize<CreateTaskRequest>(text, VineJson.Options)!.Title);
        Assert.Contains("""{"a":[1,{"b":null}]}""", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_ReportsEveryFault_WhenThereAreMany()
    {
        var problem = await RefusedAsync(
            """
            {"titel":"a","description":7,"task_type":"featur","priority":1,"repository_url":" ","timeout":0,"max_attempts":21,
             "depends_on":["x",null],"context":[],"Branch_Name":"main"}
            """);

        Assert.Equal(["is required"], problem["title"]);
        Assert.Equal(["is not a member that this takes; did you mean 'title'?"], problem["titel"]);
        Assert.Equal(["must be a string, not a number"], problem["description"]);
        Assert.Equal(["must be one of feature, bugfix, test, docs, refactor, review, not 'featur'; did you mean 'feature'?"], problem["task_type"]);
        Assert.Equal(["must be a string, not a number"], problem["priority"]);
        Assert.Equal(["must not be blank"], problem["repository_url"]);
        Assert.Equal(["must be a whole number between 1 and 604800, not 0"], problem["timeout"]);
        Assert.Equal(["must be a whole number between 1 and 20, not 21"], problem["max_attempts"]);
        Assert.Equal(["must be a UUID, as in 0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33"], problem["depends_on[0]"]);
        Assert.Equal(["must not be null"], problem["depends_on[1]"]);
        Assert.Equal(["must be an object, not an array"], problem["context"]);
        Assert.Equal(["is not a member that this takes; did you mean 'branch_name'?"], problem["Branch_Name"]);
        Assert.Equal(12, problem.Count);
    }

    [Theory]
    [InlineData("{\"title\":\"a\"", "$", "is not JSON: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed (line 1, position 13)")]
    [InlineData("{\n  \"title\": 'a'}", "$", "is not JSON: ''' is an invalid start of a value (line 2, position 12)")]
    [InlineData("[]", "$", "must be an object, not an array")]
    [InlineData("null", "$", "must be an object, not null")]
    [InlineData("\"title\"", "$", "must be an object, not a string")]
    [InlineData("{} {}", "$", "is not JSON: '{' is invalid after a single JSON value. Expected end of data (line 1, position 4)")]
    public async Task Body_IsRefused_WhenItIsNoJsonObject(string body, string field, string rule)
    {
        var errors = await RefusedAsync(body);

        Assert.Equal([rule], errors[field]);
    }

    [Theory]
    [InlineData("title", "null", "is required")]
    [InlineData("title", "\"\"", "must not be blank")]
    [InlineData("title", "\" \\t\\u00a0\"", "must not be blank")]
    [InlineData("title", "\"a\\nb\"", "must be one line: no line breaks, tabs or other control characters")]
    [InlineData("title", "\"a\\u001b[31mb\"", "must be one line: no line breaks, tabs or other control characters")]
    [InlineData("title", "\"a\\u0000b\"", "holds a NUL character; leave it out")]
    [InlineData("title", "\"\\ud800\"", "holds half of a surrogate pair, which is no character; send whole characters")]
    [InlineData("title", "{}", "must be a string, not an object")]
    [InlineData("description", "true", "must be a string, not true")]
    [InlineData("description", "\"\\udc00\"", "holds half of a surrogate pair, which is no character; send whole characters")]
    [InlineData("task_type", "\"Feature\"", "must be one of feature, bugfix, test, docs, refactor, review, not 'Feature'; did you mean 'feature'?")]
    [InlineData("task_type", "\"feature,bugfix\"", "must be one of feature, bugfix, test, docs, refactor, review, not 'feature,bugfix'")]
    [InlineData("task_type", "0", "must be a string, not a number")]
    [InlineData("permission_level", "\"human_required\"", "must be one of autonomous, supervised, human-required, not 'human_required'; did you mean 'human-required'?")]
    [InlineData("timeout", "\"60\"", "must be a whole number, not a string")]
    [InlineData("timeout", "1.5", "must be a whole number, not 1.5")]
    [InlineData("timeout", "99999999999999999999", "must be a whole number between 1 and 604800")]
    [InlineData("timeout", "1e999", "must be a whole number, not 1e999")]
    [InlineData("depends_on", "{}", "must be an array, not an object")]
    [InlineData("depends_on", "\"a\"", "must be an array, not a string")]
    [InlineData("context", "\"text\"", "must be an object, not a string")]
    [InlineData("metadata", "7", "must be an object, not a number")]
    public async Task Member_IsRefused_WhenItBreaksItsRule(string member, string json, string rule)
    {
        var others = member == "title" ? "\"repository_url\":\"r\"" : "\"title\":\"a\",\"repository_url\":\"r\"";

        var errors = await RefusedAsync($"{{{others},\"{member}\":{json}}}");

        Assert.Equal([rule], errors[member]);
        Assert.Single(errors);
    }

    [Fact]
    public async Task Text_IsCountedInCharacters_NotInCodeUnits()
    {
        var fits = await PostAsync($$"""{"title":"{{string.Concat(Enumerable.Repeat("😀", 200))}}","repository_url":"r"}""");
        var errors = await RefusedAsync($$"""{"title":"{{string.Concat(Enumerable.Repeat("😀", 201))}}","repository_url":"r"}""");

        Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
        Assert.Equal(["is 201 characters long; at most 200 are allowed"], errors["title"]);
    }

    [Fact]
    public async Task FreeJson_IsRefused_WhenItIsTooLargeOrHoldsWhatNoDatabaseKeeps()
    {
        var large = await RefusedAsync($$$"""{"title":"a","repository_url":"r","context":{"a":"{{{new string('x', 65_536)}}}"}}""");
        var odd = await RefusedAsync("""{"title":"a","repository_url":"r","payload":{"a":[{"b":"\u0000"}],"c":"\ud800","a":1,"\ud800":2}}""");

        Assert.Equal(["is 65544 bytes of JSON; at most 65536 are allowed"], large["context"]);
        Assert.Equal(["holds a NUL character; leave it out"], odd["payload.a[0].b"]);
        Assert.Equal(["holds half of a surrogate pair, which is no character; send whole characters"], odd["payload.c"]);
        Assert.Equal(["is there more than once"], odd["payload.a"]);
        Assert.Equal(["has a member whose name is no text: it holds a NUL or half of a surrogate pair"], odd["payload"]);
    }

    [Fact]
    public async Task Member_IsRefused_WhenItIsThereTwice()
    {
        var errors = await RefusedAsync("""{"title":"a","title":"b","repository_url":"r"}""");

        Assert.Equal(["is there more than once"], errors["title"]);
    }

    [Fact]
    public async Task Body_IsRefused_WhenItNestsTooDeep()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40);

        var errors = await RefusedAsync($$"""{"title":"a","repository_url":"r","context":{{deep}}}""");

        Assert.Equal(["nests deeper than 32 levels"], errors["$"]);
    }

    [Fact]
    public async Task Body_IsNotRefusedForDepth_WhenItIsMalformedBeforeThat()
    {
        var errors = await RefusedAsync("{x" + new string('[', 100));

        Assert.StartsWith("is not JSON: 'x' is an invalid start of a property name", errors["$"].Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reply_StaysSmall_WhenFaultsAreCountless()
    {
        var members = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"\"{new string('x', 20)}{i}\":1"));
        var reply = await PostAsync($"{{{members}}}");

        Assert.True((await reply.Content.ReadAsStringAsync()).Length < 20_000);
        Assert.Equal(50, (await reply.ProblemAsync(400, ErrorCodes.ValidationFailed)).Errors!.Count);
    }

    [Fact]
    public async Task Reply_ShortensAndCleansNames_WhenTheyCameFromTheCaller()
    {
        var errors = await RefusedAsync($$"""{"title":"a","repository_url":"r","\u001b]0;x":1,"{{new string('y', 5000)}}":1}""");

        Assert.Contains("\uFFFD]0;x", errors.Keys);
        Assert.Contains(new string('y', 200) + "…", errors.Keys);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/jsonx")]
    [InlineData("")]
    public async Task Body_IsRefused_WhenItsMediaTypeIsForeign(string mediaType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/tasks") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Valid)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", mediaType);

        var reply = await fixture.Server.Client.SendAsync(request);

        await reply.ProblemAsync(415, ErrorCodes.BodyMediaType);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON; charset=\"UTF-8\"")]
    [InlineData("application/merge-patch+json")]
    public async Task Body_IsTaken_WhenItsMediaTypeIsJson(string mediaType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/tasks") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Valid)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", mediaType);

        var reply = await fixture.Server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Fact]
    public async Task Body_IsRefused_WhenItIsCompressed()
    {
        using var content = Replies.Json(Valid);
        content.Headers.ContentEncoding.Add("gzip");

        var problem = await (await fixture.Server.Client.PostAsync("/tasks", content)).ProblemAsync(415, ErrorCodes.BodyMediaType);

        Assert.Contains("gzip", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_IsRefused_WhenItIsNotUtf8()
    {
        using var content = new ByteArrayContent([.. "{\"title\":\""u8, 0xFF, .. "\"}"u8]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

        var problem = await (await fixture.Server.Client.PostAsync("/tasks", content)).ProblemAsync(400, ErrorCodes.ValidationFailed);

        Assert.Equal(["is not UTF-8; send JSON encoded as UTF-8"], problem.Errors!["$"]);
    }

    [Fact]
    public async Task Body_IsTaken_WhenItBeginsWithAByteOrderMark()
    {
        using var content = new ByteArrayContent([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Valid)]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

        Assert.Equal(HttpStatusCode.OK, (await fixture.Server.Client.PostAsync("/tasks", content)).StatusCode);
    }

    [Fact]
    public async Task Body_IsRequired_UnlessTheRouteSaysOtherwise()
    {
        var problem = await (await fixture.Server.Client.PostAsync("/tasks", null)).ProblemAsync(400, ErrorCodes.ValidationFailed);
        var optional = await fixture.Server.Client.PostAsync("/cancel", null);
        var given = await fixture.Server.Client.PostAsync("/cancel", Replies.Json("""{"reason":"changed my mind"}"""));
        var faulty = await fixture.Server.Client.PostAsync("/cancel", Replies.Json("""{"why":"x"}"""));

        Assert.Equal(["is missing; POST /tasks takes a JSON object, sent as 'application/json'"], problem.Errors!["$"]);
        Assert.Equal("\"none\"", await optional.Content.ReadAsStringAsync());
        Assert.Equal("\"changed my mind\"", await given.Content.ReadAsStringAsync());
        await faulty.ProblemAsync(400, ErrorCodes.ValidationFailed);
    }

    [Fact]
    public async Task OptionalBody_IsAbsent_WhenAChunkedBodyIsEmpty()
    {
        var reply = await fixture.Server.RawAsync(
            "POST /cancel HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n");

        Assert.Equal((200, "\"none\""), (reply.Status, reply.Body));
    }

    private Task<HttpResponseMessage> PostAsync(string json) => fixture.Server.Client.PostAsync("/tasks", Replies.Json(json));

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> RefusedAsync(string json) =>
        (await (await PostAsync(json)).ProblemAsync(400, ErrorCodes.ValidationFailed)).Errors!;
}

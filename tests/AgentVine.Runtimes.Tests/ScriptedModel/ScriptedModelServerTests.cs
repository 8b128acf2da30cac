using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentVine.Runtimes.ClaudeCode;
using AgentVine.ScriptedModel;
using Xunit;

namespace AgentVine.Runtimes.Tests.ScriptedModel;

public sealed class ScriptedModelServerTests : IAsyncLifetime
{
    private ScriptedModelServer _server = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedModelServer.StartAsync(new ScriptedModelOptions(), CancellationToken.None);
        _client = new HttpClient { BaseAddress = _server.BaseUrl };
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task Step_FollowsFromTheConversationAlone()
    {
        _server.Add(ModelScript.Named("two-steps").Then(Reply.Say("First.").Tool("Bash", new { command = "true" })).Then(it => Reply.Finish(it.LastToolResult)));
        JsonNode[] atFirst = [User("Do [[two-steps]]."), User("no tag here")];
        JsonNode[] then = [.. atFirst.Select(it => it.DeepClone()), Assistant("First."), ToolResult("the result")];

        var first = await CallAsync(atFirst);
        var again = await CallAsync(atFirst);
        var second = await CallAsync(then);
        var third = await CallAsync([.. then, Assistant("Second."), User("go on")]);

        Assert.Equal("tool_use", first.Text("stop_reason"));
        Assert.Equal(first.ToString(), again.ToString());
        Assert.Equal("the result", Words(second));
        Assert.Equal("end_turn", second.Text("stop_reason"));
        Assert.NotEqual(first.Text("id"), second.Text("id"));
        Assert.Contains("'two-steps' has 2 steps", Words(third));
        Assert.Equal([(0, 1), (0, 2), (1, 1), (2, 1)], _server.Calls.Of("two-steps").Select(call => (call.Step, call.Attempt)));
    }

    [Fact]
    public async Task Script_IsTheNewestThatAPromptNames()
    {
        _server.Add(ModelScript.Named("old").ThenAlways(Reply.Finish("old")));
        _server.Add(ModelScript.Named("new").Then(Reply.Finish("new, first step")));
        const string Surfaced = "The user sent a new message while you were working:\nrather [[new]]\n\nThis is how Claude Code surfaces messages";

        var newest = await CallAsync(User("[[old]]"), Assistant("x"), User("[[new]]"));
        var midTurn = await CallAsync(User("[[old]]"), Assistant("x"), Message("system", Text(Surfaced)));
        var unknown = await CallAsync(User("[[nowhere]]"));
        var none = await CallAsync(User("if [[ -e file ]]; then"));

        Assert.Equal("new, first step", Words(newest));
        Assert.Equal("new, first step", Words(midTurn));
        Assert.Equal("rather [[new]]", _server.Calls.All[1].UserTexts[^1]);
        Assert.Contains("no script is named 'nowhere'; there are: new, old", Words(unknown));
        Assert.Equal("scripted model: no script named in the prompt", Words(none));
    }

    [Fact]
    public async Task Stream_HoldsAtItsGate()
    {
        var gate = new Gate();
        _server.Add(ModelScript.Named("held").Then(Reply.Think("Hm.").Say("Before.").Hold(gate).Say("After.").Using(new ModelUsage(5, 7))));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages?beta=true") { Content = JsonContent.Create(Body(true, User("[[held]]"))) };

        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await gate.Reached;
        var seen = new List<string>();
        while (!seen.Any(line => line.Contains("Before.", StringComparison.Ordinal)))
        {
            seen.Add((await reader.ReadLineAsync())!);
        }

        gate.Open();
        var rest = await reader.ReadToEndAsync();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("scripted-model", response.Headers.GetValues("x-agentvine-simulation").Single());
        Assert.Contains(seen, line => line.Contains("thinking_delta", StringComparison.Ordinal));
        Assert.DoesNotContain(seen, line => line.Contains("After.", StringComparison.Ordinal));
        Assert.Contains("After.", rest);
        Assert.Contains("\"output_tokens\":7", rest);
        Assert.EndsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", rest);
    }

    [Fact]
    public async Task Fault_IsAnsweredAsTheProviderWould()
    {
        _server.Add(ModelScript.Named("limited").ThenAlways(Fault.RateLimited(TimeSpan.FromSeconds(90))));
        _server.Add(ModelScript.Named("dropped").ThenAlways(Fault.Dropped));
        _server.Add(ModelScript.Named("wrong").Then(_ => throw new InvalidOperationException("of the script's author")));

        using var limited = await PostAsync(User("[[limited]]"));
        var wrong = await CallAsync(User("[[wrong]]"));

        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(90), limited.Headers.RetryAfter!.Delta);
        Assert.Equal("rate_limit_error", (await limited.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").Text("type"));
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(User("[[dropped]]")));
        Assert.Contains("threw InvalidOperationException: of the script's author", Words(wrong));
    }

    [Fact]
    public async Task Server_AnswersWhatElseAgentsAsk()
    {
        using var hello = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/hello"));
        using var root = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"));
        using var count = await _client.PostAsJsonAsync("/v1/messages/count_tokens?beta=true", Body(false, User("Hello")));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (hello.StatusCode, root.StatusCode));
        Assert.True((await count.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("input_tokens").GetInt64() > 0);
        Assert.Equal(0, _server.Calls.Count);
    }

    [Fact]
    public async Task Dispose_CutsCallsThatHang()
    {
        _server.Add(ModelScript.Named("silent").ThenAlways(Fault.Silence));
        var call = PostAsync(User("[[silent]]"));
        await _server.Calls.WaitForAsync(it => it.Script == "silent", CancellationToken.None);

        await _server.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => call);
    }

    [Fact]
    public void Script_RefusesAName_ThatNoPromptCanHold() =>
        Assert.Contains("'With Space' cannot name a script", Assert.Throws<ArgumentException>(() => ModelScript.Named("With Space")).Message);

    private static JsonObject User(string text) => Message("user", Text(text));

    private static JsonObject Assistant(string text) => Message("assistant", Text(text));

    private static JsonObject ToolResult(string text) => Message("user", new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = "t", ["content"] = text });

    private static JsonObject Message(string role, JsonObject block) => new() { ["role"] = role, ["content"] = new JsonArray(block) };

    private static JsonObject Text(string text) => new() { ["type"] = "text", ["text"] = text };

    private static JsonObject Body(bool stream, params JsonNode[] messages) =>
        new() { ["model"] = "m", ["stream"] = stream, ["messages"] = new JsonArray([.. messages.Select(message => message.DeepClone())]) };

    private static string Words(JsonElement message) => string.Concat(message.GetProperty("content").EnumerateArray().Select(block => block.Text("text")));

    private Task<HttpResponseMessage> PostAsync(params JsonNode[] messages) => _client.PostAsJsonAsync("/v1/messages?beta=true", Body(false, messages));

    private async Task<JsonElement> CallAsync(params JsonNode[] messages)
    {
        using var response = await PostAsync(messages);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}

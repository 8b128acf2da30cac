using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AgentVine.ScriptedModel;

/// <summary>One request for a model's reply, read.</summary>
internal sealed class IncomingCall
{
    private readonly JsonElement _body;
    private readonly Conversation _conversation;
    private readonly string? _sessionId;
    private readonly string? _credential;

    public IncomingCall(HttpRequest request, JsonElement body)
    {
        _body = body;
        _conversation = new Conversation(body);
        _sessionId = request.Headers["x-claude-code-session-id"].FirstOrDefault();
        _credential = request.Headers["x-api-key"].FirstOrDefault() ?? request.Headers.Authorization.FirstOrDefault();
        Streaming = body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;
    }

    public bool Streaming { get; }

    public string? Tag => _conversation.Tag;

    /// <summary>The same for the same call, and different from every other message of the conversation.</summary>
    public string MessageId => $"{_conversation.MessageCount}_{Fingerprint($"{_sessionId}\n{_conversation.Prompt}")}";

    public ModelCall Received(DateTimeOffset at) => new()
    {
        N = 0,
        At = at,
        Script = _conversation.Tag ?? string.Empty,
        Step = _conversation.Step,
        Attempt = 0,
        MessageCount = _conversation.MessageCount,
        SessionId = _sessionId,
        Model = Model,
        Streaming = Streaming,
        Credential = _credential,
        UserTexts = _conversation.UserTexts,
        ToolResults = _conversation.ToolResults,
        Tools = Tools,
    };

    public ScriptContext Context(ModelCall received) => new()
    {
        Script = received.Script,
        Step = received.Step,
        Attempt = received.Attempt,
        SessionId = _sessionId,
        Model = received.Model,
        UserTexts = received.UserTexts,
        AssistantTexts = _conversation.AssistantTexts,
        ToolResults = received.ToolResults,
        Tools = received.Tools,
        Body = _body,
        Prompt = _conversation.Prompt,
    };

    private string? Model => _body.TryGetProperty("model", out var model) ? model.GetString() : null;

    private IReadOnlyList<string> Tools => _body.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array
        ? [.. tools.EnumerateArray().Select(tool => tool.TryGetProperty("name", out var name) ? name.GetString() ?? string.Empty : string.Empty)]
        : [];

    private static string Fingerprint(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 5));
}

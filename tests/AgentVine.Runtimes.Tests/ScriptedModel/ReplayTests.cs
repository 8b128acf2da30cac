using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using AgentVine.ScriptedModel;
using Xunit;

namespace AgentVine.Runtimes.Tests.ScriptedModel;

/// <summary>Recorded exchanges, played again.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vine-replay-");
    private int _recorded;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Answer_IsTheOneOfTheSameConversation_WhateverItsIdsAndTimes()
    {
        Record(Body("Fix bug 17 in /tmp/one/clone/"), Whole("the bug's"));
        Record(Body("Write a page"), Whole("the page's"));
        Record(Body("Fix bug 17 in /tmp/one/clone/", "the bug's", "commit 0123abcd at 12:05"), Whole("the bug's second"));
        await using var server = await StartAsync();

        Assert.Contains("the page's", await CallAsync(server, Body("Write a page")), StringComparison.Ordinal);
        Assert.Contains("the bug's", await CallAsync(server, Body("Fix bug 18 in /var/two/clone/")), StringComparison.Ordinal);
        Assert.Contains("the bug's second", await CallAsync(server, Body("Fix bug 18 in /var/two/clone/", "the bug's", "commit ffff9999 at 23:59")), StringComparison.Ordinal);
        Assert.Contains("the bug's second", await CallAsync(server, Body("Fix bug 18 in /var/two/clone/", "the bug's", "something else")), StringComparison.Ordinal);
        Assert.Contains("none of the 3 recorded exchanges", await CallAsync(server, Body("Something else")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_OfTheSameCall_ComeInTheirOrder_AndThenAnew()
    {
        Record(Body("Go"), Whole("first"), status: 529);
        Record(Body("Go"), Whole("second"));
        await using var server = await StartAsync();

        Assert.Contains("first", await CallAsync(server, Body("Go")), StringComparison.Ordinal);
        Assert.Contains("second", await CallAsync(server, Body("Go")), StringComparison.Ordinal);
        Assert.Contains("first", await CallAsync(server, Body("Go")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pieces_AreTheSame_WithStatusAndHeaders_CompressedAsTheyWere()
    {
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(Encoding.UTF8.GetBytes(Whole("squeezed")));
        }

        var bytes = zipped.ToArray();
        Write(Body("Go"), 429, [["Content-Encoding", "gzip"], ["retry-after", "7"], ["Content-Length", "5"]], [new { receive_base64 = Convert.ToBase64String(bytes), after_ms = 1 }], "whole");
        await using var server = await StartAsync();
        using var http = new HttpClient();

        using var answer = await http.PostAsync(new Uri(server.BaseUrl, "/v1/messages"), new StringContent(Body("Go")));

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(("7", "replay"), (answer.Headers.GetValues("retry-after").Single(), answer.Headers.GetValues("x-agentvine-simulation").Single()));
        Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Folder_IsTheAgentsOfNow_AlsoWhereTheStreamCutItInTwo()
    {
        const string From = "/tmp/recorded/clone";
        const string To = "/var/lib/played/clone";
        var answer = Event("message_start", new { type = "message_start" })
            + Delta("input_json_delta", "partial_json", """{"file_path":"/tmp/reco""")
            + Delta("input_json_delta", "partial_json", """rded/clone/a.txt"}""")
            + Event("content_block_stop", new { type = "content_block_stop", index = 0 })
            + Delta("text_delta", "text", $"Wrote {From}/a.txt.")
            + Event("message_delta", new { type = "message_delta", delta = new { stop_reason = "end_turn" } });
        Record(Body($"Your working directory is {From}, go"), answer);
        await using var server = await StartAsync();

        var played = await CallAsync(server, Body($"Your working directory is {To}, go"));

        Assert.DoesNotContain("reco", played, StringComparison.Ordinal);
        Assert.Contains($"{To}/a.txt\\u0022}}", played, StringComparison.Ordinal);
        Assert.Contains($"Wrote {To}/a.txt.", played, StringComparison.Ordinal);
        Assert.Contains("\"stop_reason\":\"end_turn\"", played, StringComparison.Ordinal);
        Assert.Equal(5, played.Split("event: ").Length - 1);
    }

    [Fact]
    public async Task CutAnswer_IsCutAgain_AndWhatWasNotRecordedToItsEndIsLeftOut()
    {
        Write(Body("Go"), 200, [], [new { receive = "data: half", after_ms = 1 }], "cut");
        Write(Body("Never"), 200, [], [new { receive = "data: half", after_ms = 1 }], null);
        await using var server = await StartAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(server, Body("Go")));
        Assert.Contains("none of the 1 recorded exchanges", await CallAsync(server, Body("Never")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_WithoutARecord_IsRefused()
    {
        var fault = await Assert.ThrowsAnyAsync<IOException>(StartAsync);

        Assert.Contains(_folder.FullName, fault.Message, StringComparison.Ordinal);
    }

    private static string Body(params string[] texts) => JsonSerializer.Serialize(new
    {
        model = "claude-opus-5-5",
        metadata = new { user_id = Guid.NewGuid() },
        messages = texts.Select((text, number) => new { role = number % 2 == 0 ? "user" : "assistant", content = new[] { new { type = "text", text } } }),
    });

    private static string Whole(string text) => JsonSerializer.Serialize(new { content = new[] { new { type = "text", text } } }, Unescaped);

    private static JsonSerializerOptions Unescaped { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Event(string name, object data) => $"event: {name}\ndata: {JsonSerializer.Serialize(data)}\n\n";

    private static string Delta(string type, string member, string words) => Event(
        "content_block_delta",
        new { type = "content_block_delta", index = 0, delta = new Dictionary<string, string> { ["type"] = type, [member] = words } });

    private static async Task<string> CallAsync(ScriptedModelServer server, string body)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(server.BaseUrl, "/v1/messages?beta=true"), new StringContent(body));
        return await answer.Content.ReadAsStringAsync();
    }

    private Task<ScriptedModelServer> StartAsync() =>
        ScriptedModelServer.StartAsync(new ScriptedModelOptions { Recording = _folder.FullName }, CancellationToken.None);

    private void Record(string body, string answer, int status = 200) => Write(body, status, [], [new { receive = answer, after_ms = 1 }], "whole");

    private void Write(string body, int status, string[][] headers, object[] pieces, string? end)
    {
        object[] lines =
        [
            new { request = new { method = "POST", target = "/v1/messages?beta=true", headers = Array.Empty<string[]>() } },
            new { send = body[..10] },
            new { send = body[10..] },
            new { response = new { after_ms = 1, status, headers } },
            .. pieces,
            .. end is null ? Array.Empty<object>() : [new { end, after_ms = 2 }],
        ];
        var text = string.Join('\n', lines.Select(line => JsonSerializer.Serialize(line, line.GetType())));
        File.WriteAllText(Path.Join(_folder.FullName, $"{++_recorded:0000}.exchange.jsonl"), end is null ? $"{text}\n{{\"rec" : $"{text}\n");
    }
}

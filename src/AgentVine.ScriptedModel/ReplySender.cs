using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AgentVine.ScriptedModel;

/// <summary>Writes a reply as the Messages API does: an event stream, or one object where no stream was asked for.</summary>
internal sealed class ReplySender(HttpContext http, ScriptContext context, string messageId, bool streaming)
{
    private const int ShortestDelta = 48;
    private const int MostDeltas = 50;

    public Task SendAsync(ModelReply reply, CancellationToken cancellationToken) => reply switch
    {
        ModelMessage message when streaming => StreamAsync(message, cancellationToken),
        ModelMessage message => SendWholeAsync(message, cancellationToken),
        StatusReply status => WriteErrorAsync(http, status, cancellationToken),
        SilentReply => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken),
        MalformedReply => SendMalformedAsync(cancellationToken),
        DroppedReply => DropAsync(),
        _ => throw new NotSupportedException($"No way to send a {reply.GetType().Name}."),
    };

    public static async Task WriteErrorAsync(HttpContext http, StatusReply reply, CancellationToken cancellationToken)
    {
        http.Response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
        {
            http.Response.Headers[name] = value;
        }

        await http.Response.WriteAsJsonAsync(new { type = "error", error = new { type = reply.Type, message = reply.Message } }, cancellationToken);
    }

    private Task DropAsync()
    {
        http.Abort();
        return Task.CompletedTask;
    }

    private Task SendMalformedAsync(CancellationToken cancellationToken)
    {
        http.Response.ContentType = "text/html";
        return http.Response.WriteAsync("<html><body>This is a proxy's page, not a model.</body></html>", cancellationToken);
    }

    private async Task SendWholeAsync(ModelMessage message, CancellationToken cancellationToken)
    {
        foreach (var hold in message.Parts.OfType<HoldPart>())
        {
            await hold.Wait(cancellationToken);
        }

        var usage = UsageOf(message);
        await http.Response.WriteAsJsonAsync(
            Envelope(Blocks(message).ToArray(), StopReason(message), Usage(usage, usage.Output)), cancellationToken);
    }

    private async Task StreamAsync(ModelMessage message, CancellationToken cancellationToken)
    {
        http.Response.ContentType = "text/event-stream";
        var usage = UsageOf(message);
        await EventAsync("message_start", new { message = Envelope([], null, Usage(usage, 1)) }, cancellationToken);
        var index = 0;
        foreach (var part in message.Parts)
        {
            if (part is HoldPart hold)
            {
                await hold.Wait(cancellationToken);
                continue;
            }

            await BlockAsync(part, index++, cancellationToken);
        }

        await EventAsync(
            "message_delta",
            new { delta = new { stop_reason = StopReason(message), stop_sequence = (string?)null }, usage = new { output_tokens = usage.Output } },
            cancellationToken);
        await EventAsync("message_stop", new { }, cancellationToken);
    }

    private async Task BlockAsync(MessagePart part, int index, CancellationToken cancellationToken)
    {
        await EventAsync("content_block_start", new { index, content_block = Opening(part, index) }, cancellationToken);
        foreach (var delta in Deltas(part))
        {
            await EventAsync("content_block_delta", new { index, delta }, cancellationToken);
        }

        await EventAsync("content_block_stop", new { index }, cancellationToken);
    }

    private object Opening(MessagePart part, int index) => part switch
    {
        ToolPart tool => new { type = "tool_use", id = ToolId(index), name = tool.Name, input = new { } },
        ThinkingPart => new { type = "thinking", thinking = string.Empty, signature = string.Empty },
        _ => new { type = "text", text = string.Empty },
    };

    private static IEnumerable<object> Deltas(MessagePart part) => part switch
    {
        ToolPart tool => [new { type = "input_json_delta", partial_json = tool.Input.GetRawText() }],
        ThinkingPart thinking =>
            [.. Pieces(thinking.Text).Select(piece => new { type = "thinking_delta", thinking = piece }), new { type = "signature_delta", signature = "c2ltdWxhdGVk" }],
        TextPart text => Pieces(text.Text).Select(piece => new { type = "text_delta", text = piece }),
        _ => [],
    };

    private IEnumerable<object> Blocks(ModelMessage message) => message.Parts.Where(part => part is not HoldPart).Select<MessagePart, object>((part, index) => part switch
    {
        ToolPart tool => new { type = "tool_use", id = ToolId(index), name = tool.Name, input = tool.Input },
        ThinkingPart thinking => new { type = "thinking", thinking = thinking.Text, signature = "c2ltdWxhdGVk" },
        TextPart text => new { type = "text", text = text.Text },
        _ => throw new NotSupportedException($"No block for a {part.GetType().Name}."),
    });

    private object Envelope(object[] content, string? stopReason, object usage) => new
    {
        id = $"msg_{messageId}",
        type = "message",
        role = "assistant",
        model = context.Model,
        content,
        stop_reason = stopReason,
        stop_sequence = (string?)null,
        usage,
    };

    private string ToolId(int index) => $"toolu_{messageId}_{index}";

    private static string StopReason(ModelMessage message) =>
        message.StopReason ?? (message.Parts.Any(part => part is ToolPart) ? "tool_use" : "end_turn");

    private ModelUsage UsageOf(ModelMessage message) => message.Usage ?? new ModelUsage(
        TokenEstimate.Of(context.Body),
        message.Parts.Sum(part => part switch
        {
            TextPart text => TokenEstimate.Of(text.Text),
            ThinkingPart thinking => TokenEstimate.Of(thinking.Text),
            ToolPart tool => TokenEstimate.Of(tool.Input),
            _ => 0,
        }));

    private static object Usage(ModelUsage usage, long output) => new
    {
        input_tokens = usage.Input,
        cache_read_input_tokens = usage.CacheRead,
        cache_creation_input_tokens = usage.CacheWrite,
        output_tokens = output,
    };

    /// <summary>Cuts between characters that a person sees as one, so that no delta ends in half a surrogate pair.</summary>
    private static IEnumerable<string> Pieces(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = Math.Min(Math.Max(ShortestDelta, text.Length / MostDeltas), text.Length - start);
            if (start + length < text.Length && char.IsHighSurrogate(text[start + length - 1]))
            {
                length++;
            }

            yield return text.Substring(start, length);
            start += length;
        }
    }

    private async Task EventAsync(string type, object data, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToNode(data)!.AsObject();
        json.Insert(0, "type", type);
        await http.Response.WriteAsync($"event: {type}\ndata: {json.ToJsonString()}\n\n", Encoding.UTF8, cancellationToken);
        await http.Response.Body.FlushAsync(cancellationToken);
    }
}

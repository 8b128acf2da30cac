using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Events;

namespace AgentVine.Engine.Kernel.Events;

/// <summary>Writes server-sent events, and a comment where nothing else was written for a while.</summary>
internal sealed class EventStream(HttpResponse response, TimeProvider time)
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private long _lastWrite;

    /// <summary>Sends the headers, at once: a reader of a quiet log shall know that it is connected.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        return FlushAsync(cancellationToken);
    }

    /// <summary>Writes <paramref name="events"/>; ends when the connection has taken them.</summary>
    public async Task SendAsync(IReadOnlyList<EventView> events, CancellationToken cancellationToken)
    {
        foreach (var view in events)
        {
            Write(string.Create(CultureInfo.InvariantCulture, $"id: {view.Sequence}\nevent: {view.Type}\ndata: "));
            response.BodyWriter.Write(JsonSerializer.SerializeToUtf8Bytes(view, VineJson.Options));
            Write("\n\n");
        }

        if (events.Count > 0)
        {
            await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Waits for one <paramref name="wait"/> and writes a comment each time that the connection has been silent for 15 s; then ends.</summary>
    public async Task KeepAliveUntilAsync(Func<CancellationToken, Task> wait, CancellationToken cancellationToken)
    {
        var silence = time.GetElapsedTime(_lastWrite);
        using var patience = new CancellationTokenSource(silence < KeepAlive ? KeepAlive - silence : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await wait(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Write(": keep-alive\n\n");
            await FlushAsync(cancellationToken);
        }
    }

    private void Write(string text) => Encoding.UTF8.GetBytes(text, response.BodyWriter);

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        await response.BodyWriter.FlushAsync(cancellationToken);
        _lastWrite = time.GetTimestamp();
    }
}

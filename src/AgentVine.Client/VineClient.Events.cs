using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Events;

namespace AgentVine.Client;

public sealed partial class VineClient
{
    private static readonly TimeSpan ShortestReconnect = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestReconnect = TimeSpan.FromSeconds(5);

    /// <summary>Events that match, oldest first.</summary>
    /// <exception cref="VineApiException">410 <see cref="ErrorCodes.EventsPruned"/>: those events are past retention.</exception>
    public Task<Page<EventView>> ListEventsAsync(EventFilter filter, int? limit, CancellationToken cancellationToken) =>
        ReadPageAsync<EventView>(ApiCall.Get(Filtered("events", filter).With("limit", limit)), cancellationToken);

    /// <summary>
    /// Events that match, as they happen, without end. Once the stream stood, a lost connection or a server that restarts is waited out,
    /// and the stream goes on after the last event that was yielded: none is missed and none comes twice.
    /// </summary>
    /// <exception cref="VineUnreachableException">The first connection could not be made.</exception>
    /// <exception cref="VineApiException">The server refused, at the first connection or a later one.</exception>
    public async IAsyncEnumerable<EventView> StreamEventsAsync(
        EventFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = filter.After;
        var pause = ShortestReconnect;
        var stood = false;
        while (true)
        {
            var response = await ConnectAsync(filter with { After = position }, stood, cancellationToken);
            if (response is not null)
            {
                stood = true;
                using var connection = response;
                await foreach (var item in ReadStreamAsync(connection, cancellationToken))
                {
                    pause = ShortestReconnect;
                    if (item.Sequence > position)
                    {
                        position = item.Sequence;
                        yield return item;
                    }
                }
            }

            await Task.Delay(pause, _transport.Time, cancellationToken);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestReconnect.Ticks));
        }
    }

    private async Task<HttpResponseMessage?> ConnectAsync(EventFilter filter, bool again, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Filtered("events/stream", filter));
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (filter.After > 0)
        {
            request.Headers.Add("Last-Event-ID", filter.After.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        try
        {
            var response = await _transport.OpenAsync(request, cancellationToken);
            if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            {
                return response;
            }

            response.Dispose();
            throw new VineApiException(new Problem { Status = 200, Detail = $"{Server} answers, but not with a stream of events: is it an AgentVine server?" });
        }
        catch (Exception exception) when (again && exception is VineUnreachableException or VineApiException { Status: 502 or 503 or 504 })
        {
            return null;
        }
    }

    /// <summary>The events of one connection; ends quietly when it does.</summary>
    private async IAsyncEnumerable<EventView> ReadStreamAsync(
        HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var body = new WatchedStream(await response.Content.ReadAsStreamAsync(cancellationToken), _options.StreamSilence, _transport.Time);
        var items = SseParser.Create(body, static (_, data) => JsonSerializer.Deserialize<EventView>(data, VineJson.Options))
            .EnumerateAsync(cancellationToken);
        await using var reader = items.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await reader.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException or TimeoutException)
            {
                yield break;
            }
            catch (JsonException exception)
            {
                throw new VineUnreachableException(
                    $"{Server} sent an event that this program cannot read ({exception.Message}); is its version newer?", true, exception);
            }

            if (reader.Current.Data is { } item)
            {
                yield return item;
            }
        }
    }

    private static ApiPath Filtered(string path, EventFilter filter) => new ApiPath(path)
        .With("after", filter.After)
        .With("task_id", filter.TaskId)
        .With("types", filter.Types is { Count: > 0 } types ? string.Join(',', types) : null);
}

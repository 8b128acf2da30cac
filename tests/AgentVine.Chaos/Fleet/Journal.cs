using System.Text.Json;

namespace AgentVine.Chaos.Fleet;

/// <summary>
/// The event log as a reader sees it live: a stream that is opened again after each break, going on after the last event it had. Keeps
/// everything that came, in the order it came, so that what came twice or out of order shows.
/// </summary>
internal sealed class Journal : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly Lock _lock = new();
    private readonly List<Fact> _facts = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Api _api;
    private readonly Task _following;
    private TaskCompletionSource _changed = NewSignal();

    public Journal(Api api)
    {
        _api = api;
        _following = FollowAsync();
    }

    /// <summary>What came so far.</summary>
    public IReadOnlyList<Fact> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _facts];
            }
        }
    }

    public long LastSequence
    {
        get
        {
            lock (_lock)
            {
                return _facts.Count == 0 ? 0 : _facts[^1].Sequence;
            }
        }
    }

    /// <summary>The first event after <paramref name="after"/> that fits; null when none came in time.</summary>
    public async Task<Fact?> WaitAsync(long after, Func<Fact, bool> fits, TimeSpan patience)
    {
        using var enough = new CancellationTokenSource(patience, TimeProvider.System);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
                if (_facts.FirstOrDefault(fact => fact.Sequence > after && fits(fact)) is { } found)
                {
                    return found;
                }
            }

            try
            {
                await changed.WaitAsync(enough.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task FollowAsync()
    {
        while (true)
        {
            try
            {
                using var response = await _api.OpenStreamAsync($"/api/v1/events/stream?after={LastSequence}", _stop.Token);
                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(_stop.Token));
                await ReadAsync(reader);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException
                || (exception is OperationCanceledException && !_stop.IsCancellationRequested))
            {
                // The server is away, or went in the middle of a line: that event comes again, whole.
            }

            await Task.Delay(Pause, TimeProvider.System, _stop.Token);
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            if (!line.StartsWith("data:", StringComparison.Ordinal))
            {
                continue;
            }

            using var json = JsonDocument.Parse(line["data:".Length..]);
            lock (_lock)
            {
                _facts.Add(new Fact(json.RootElement.Clone()));
                _changed.SetResult();
                _changed = NewSignal();
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using AgentVine.Client;
using AgentVine.Contracts.Events;

namespace AgentVine.Testing.Fleet;

/// <summary>Follows a server's event log from its beginning. Safe to use from any thread.</summary>
public sealed class EventJournal : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<EventView> _events;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _following;
    private TaskCompletionSource _changed = NewSignal();

    private EventJournal(VineClient client, IEnumerable<EventView> before)
    {
        _events = [.. before];
        _following = FollowAsync(client);
    }

    /// <summary>What happened so far, oldest first.</summary>
    public IReadOnlyList<EventView> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Completes with the next event, or when no more come.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
            {
                return Task.WhenAny(_changed.Task, _following);
            }
        }
    }

    /// <param name="client">The server's.</param>
    /// <param name="before">What an earlier journal of the same log has.</param>
    public static EventJournal Follow(VineClient client, IEnumerable<EventView> before) => new(client, before);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_following).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task FollowAsync(VineClient client)
    {
        await foreach (var happened in client.StreamEventsAsync(new EventFilter(_events.Count == 0 ? 0 : _events[^1].Sequence), _stop.Token))
        {
            lock (_lock)
            {
                _events.Add(happened);
                _changed.SetResult();
                _changed = NewSignal();
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

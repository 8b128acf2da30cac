using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Events;
using Xunit;

namespace AgentVine.Engine.Tests.Storage;

/// <summary>Waiting for commits, raced many times without a database in between.</summary>
public sealed class EventFeedTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Wait_IsNeverLost_WhenCommitRacesIt()
    {
        await using var store = new ToldStore();
        using var feed = new EventFeed(store);
        store.Tell(0);

        for (var sequence = 0; sequence < 20_000; sequence++)
        {
            var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var next = sequence + 1;
            var commit = start.Task.ContinueWith(_ => store.Tell(next), TaskScheduler.Default);
            start.SetResult();

            await feed.WaitPastAsync(Organizations.Default, sequence, CancellationToken.None).WaitAsync(Patience, TimeProvider.System);
            await commit;
        }
    }

    [Fact]
    public async Task Wait_Ends_WhenCommitsAreToldOutOfOrder()
    {
        await using var store = new ToldStore();
        using var feed = new EventFeed(store);
        store.Tell(7);
        store.Tell(6);

        await feed.WaitPastAsync(Organizations.Default, 6, CancellationToken.None).WaitAsync(Patience, TimeProvider.System);
    }

    /// <summary>A store that only tells of commits.</summary>
    private sealed class ToldStore : IStore
    {
        public event Action<Guid, long>? EventsCommitted;

        public ISqlDialect Dialect => throw new NotSupportedException();

        public void Tell(long last) => EventsCommitted?.Invoke(Organizations.Default, last);

        public Task MigrateAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<T> WriteAsync<T>(Guid organizationId, Func<IUnitOfWork, Task<T>> work, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<T> ReadAsync<T>(Guid organizationId, Func<IReadSession, Task<T>> read, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

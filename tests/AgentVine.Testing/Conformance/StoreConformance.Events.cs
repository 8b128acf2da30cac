using System.Collections.Concurrent;
using AgentVine.Contracts.Events;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Events;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>The log of events: gapless, in commit order, told after the commit.</summary>
public abstract partial class StoreConformance
{
    [Fact]
    public async Task Readers_of_the_log_meet_every_event_once_in_order_while_writers_commit_and_roll_back()
    {
        const int Writers = 8;
        const int Units = 40;
        var stored = new ConcurrentBag<Guid>();
        using var finished = new CancellationTokenSource();

        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() => FollowAsync(finished.Token))).ToList();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            for (var i = 0; i < Units; i++)
            {
                var events = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Guid.NewGuid()).ToList();
                await AppendAsync(events, stored, fails: random.Next(4) == 0);
            }
        })));
        await finished.CancelAsync();

        foreach (var seen in await Task.WhenAll(readers))
        {
            Assert.Equal(Enumerable.Range(1, stored.Count).Select(sequence => (long)sequence), seen.Select(view => view.Sequence));
            Assert.Equal(stored.Order(), seen.Select(view => view.TaskId!.Value).Order());
        }
    }

    [Fact]
    public async Task Events_carry_what_they_are_about()
    {
        var draft = new EventDraft(
            EventTypes.RequestOpened, Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(),
            new { Reason = "it's \"quoted\"", Nothing = (string?)null });
        var now = await WriteAsync(unit =>
        {
            unit.Append(draft);
            unit.Append(new EventDraft(EventTypes.TaskCreated));
            return Task.FromResult(unit.Now);
        });

        var page = await PageAsync(0);

        var view = page.Events[0];
        Assert.Equal(
            (draft.Type, draft.TaskId, draft.WorkOrderId, draft.ExecutionId, draft.SessionId, draft.RequestId, draft.WorkerId),
            (view.Type, view.TaskId, view.WorkOrderId, view.ExecutionId, view.SessionId, view.RequestId, view.WorkerId));
        Assert.Equal("""{"reason":"it's \"quoted\""}""", view.Data!.Value.GetRawText());
        Assert.Equal(now, view.At.Micros());
        Assert.Equal((2L, EventTypes.TaskCreated, null), (page.Events[1].Sequence, page.Events[1].Type, page.Events[1].Data));
        Assert.Equal((2L, 2L), (page.Through, page.LastSequence));
    }

    [Fact]
    public async Task Events_are_told_after_the_commit_and_only_then()
    {
        var told = new ConcurrentQueue<(long Last, Task<long> Visible)>();
        void Tell(Guid organization, long last)
        {
            if (organization == _organization)
            {
                told.Enqueue((last, Store.ReadAsync(_organization, EventLog.LastSequenceAsync, CancellationToken.None)));
            }
        }

        Store.EventsCommitted += Tell;
        try
        {
            await AppendAsync([Guid.NewGuid(), Guid.NewGuid()], [], fails: false);
            await AppendAsync([Guid.NewGuid()], [], fails: true);
            await WriteAsync(unit => MarkAsync(unit));
            await AppendAsync([Guid.NewGuid()], [], fails: false);
        }
        finally
        {
            Store.EventsCommitted -= Tell;
        }

        Assert.Equal([2L, 3L], told.Select(news => news.Last));
        foreach (var news in told)
        {
            Assert.InRange(await news.Visible, news.Last, 3);
        }
    }

    [Fact]
    public async Task Pages_of_the_log_are_filtered_and_tell_how_far_they_looked()
    {
        var task = Guid.NewGuid();
        foreach (var type in new[] { EventTypes.TaskCreated, EventTypes.WorkOrderEnqueued, EventTypes.TaskCreated, EventTypes.MessagePosted })
        {
            await WriteAsync(unit =>
            {
                unit.Append(new EventDraft(type, type == EventTypes.MessagePosted ? null : task));
                return Task.FromResult(0);
            });
        }

        var ofTask = await PageAsync(1, taskId: task);
        Assert.Equal([2L, 3L], Sequences(ofTask));
        Assert.Equal((4L, false), (ofTask.Through, ofTask.HasMore));
        Assert.Equal([1L, 3L, 4L], Sequences(await PageAsync(0, types: [EventTypes.TaskCreated, EventTypes.MessagePosted])));
        Assert.Equal([3L], Sequences(await PageAsync(1, taskId: task, types: [EventTypes.TaskCreated])));
        Assert.Empty(Sequences(await PageAsync(0, types: ["task"])));
        var full = await PageAsync(0, limit: 1, types: [EventTypes.WorkOrderEnqueued]);
        Assert.Equal((2L, 4L, true), (full.Through, full.LastSequence, full.HasMore));
        var last = await PageAsync(full.Through, limit: 1, types: [EventTypes.WorkOrderEnqueued]);
        Assert.Equal((0, 4L, false), (last.Events.Count, last.Through, last.HasMore));
    }

    [Fact]
    public async Task Events_past_retention_are_refused_not_passed_over()
    {
        await AppendAsync([Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()], [], fails: false);
        await WriteAsync(unit => unit.ExecuteAsync("update event_counters set pruned_through = 2 where organization_id = @OrganizationId"));

        var thrown = await Assert.ThrowsAsync<ProblemException>(() => PageAsync(1));

        Assert.Equal((410, "events.pruned"), (thrown.Status, thrown.Code));
        Assert.Contains("oldest kept is 3", thrown.Message, StringComparison.Ordinal);
        Assert.Equal([3L], Sequences(await PageAsync(2)));
    }

    [Fact]
    public async Task A_wait_for_news_ends_with_the_commit_that_brings_it()
    {
        using var feed = new EventFeed(Store);
        await AppendAsync([Guid.NewGuid()], [], fails: false);
        await feed.WaitPastAsync(_organization, 0, Cancellation);

        var wait = feed.WaitPastAsync(_organization, 1, Cancellation);
        await AppendAsync([Guid.NewGuid()], [], fails: false);
        await wait.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, Cancellation);

        using var gaveUp = new CancellationTokenSource();
        var unanswered = feed.WaitPastAsync(_organization, 2, gaveUp.Token);
        Assert.False(unanswered.IsCompleted);
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => unanswered);
    }

    [Fact]
    public async Task A_feed_that_began_after_the_commits_knows_them()
    {
        await AppendAsync([Guid.NewGuid(), Guid.NewGuid()], [], fails: false);
        using var feed = new EventFeed(Store);

        await feed.WaitPastAsync(_organization, 1, Cancellation).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);
    }

    private async Task AppendAsync(IReadOnlyCollection<Guid> events, ConcurrentBag<Guid> stored, bool fails)
    {
        var failure = await Record.ExceptionAsync(() => WriteAsync(async unit =>
        {
            foreach (var id in events)
            {
                unit.Append(new EventDraft(EventTypes.TaskCreated, TaskId: id));
            }

            await MarkAsync(unit);
            return fails ? throw new ProblemException(409, "test", "refused") : 0;
        }));
        Assert.Equal(fails, failure is ProblemException);
        if (!fails)
        {
            foreach (var id in events)
            {
                stored.Add(id);
            }
        }
    }

    private async Task<List<EventView>> FollowAsync(CancellationToken finished)
    {
        var seen = new List<EventView>();
        while (true)
        {
            var last = finished.IsCancellationRequested;
            var page = await PageAsync(seen.Count, limit: 10);
            seen.AddRange(page.Events);
            Assert.Equal(seen.Count, seen.Count == 0 ? 0 : seen[^1].Sequence);
            if (last && !page.HasMore)
            {
                return seen;
            }
        }
    }

    private static IEnumerable<long> Sequences(EventPage page) => page.Events.Select(view => view.Sequence);

    private Task<EventPage> PageAsync(long after, int limit = 1000, Guid? taskId = null, string[]? types = null) =>
        Store.ReadAsync(_organization, session => EventLog.ReadAsync(session, after, limit, taskId, types), CancellationToken.None);
}

using AgentVine.Client;
using AgentVine.Contracts.Analytics;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;

namespace AgentVine.Cli.Commands.Top;

/// <summary>Reads one frame. Its parts are read side by side, each a moment of its own.</summary>
internal sealed class TopReader(VineClient client, TimeProvider time)
{
    private const int MostRunning = 200;
    private const int MostDead = 20;

    /// <summary>Where the events stood before the frame was read: what comes after may change it.</summary>
    public long? EventSequence { get; private set; }

    public async Task<TopFrame> ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var inProgress = await client.ListTasksAsync(AgentTaskStatus.InProgress, MostRunning, null, cancellationToken);
        EventSequence ??= inProgress.EventSequence;
        var waiting = client.ListTasksAsync(AgentTaskStatus.Waiting, MostRunning, null, cancellationToken);
        var queue = client.GetQueueStatusAsync(cancellationToken);
        var workers = client.ListWorkersAsync(cancellationToken);
        var active = client.ListSessionsAsync(SessionStatus.Active, null, null, cancellationToken);
        var quiet = client.ListSessionsAsync(SessionStatus.Waiting, null, null, cancellationToken);
        var requests = client.ListRequestsAsync(RequestStatus.Open, null, null, cancellationToken);
        var dead = client.ListDeadLetterAsync(null, MostDead, null, cancellationToken);
        var hour = client.GetAnalyticsAsync(LastHour(now, null), cancellationToken);
        var byWorker = client.GetAnalyticsAsync(LastHour(now, AnalyticsGroup.Worker), cancellationToken);
        await Task.WhenAll(waiting, queue, workers, active, quiet, requests, dead, hour, byWorker);

        var sessions = (await active).Items.Concat((await quiet).Items).DistinctBy(session => session.TaskId).ToDictionary(session => session.TaskId);
        var names = (await workers).ToDictionary(worker => worker.Id, worker => worker.Name);
        return new TopFrame
        {
            At = now,
            Server = client.Server,
            Queues = (await queue).Queues,
            Accounts = (await queue).Accounts,
            Workers = Of(await workers, await byWorker),
            Running =
            [
                .. inProgress.Items.Concat((await waiting).Items.Where(task => task.WorkerId is not null)).DistinctBy(task => task.Id)
                    .OrderBy(task => task.StartedAt).Select(task => Of(task, sessions.GetValueOrDefault(task.Id), names)),
            ],
            Requests = [.. (await requests).Items.OrderBy(request => request.AskedAt).Select(Of)],
            DeadLetters = [.. (await dead).Items.Select(entry => new TopDead(entry.Id, entry.Title, entry.Cause, entry.Message, entry.Since))],
            LastHour = Of(await hour),
        };
    }

    private static AnalyticsFilter LastHour(DateTimeOffset now, AnalyticsGroup? group) => new(
        From: now.AddHours(-1),
        To: now,
        Metrics: group is null
            ? [AnalyticsMetric.Throughput, AnalyticsMetric.CompletionRate, AnalyticsMetric.FailedRate, AnalyticsMetric.ClaimLatency, AnalyticsMetric.Cost]
            : [AnalyticsMetric.WorkerUtilisation],
        Group: group);

    private static List<TopWorker> Of(IReadOnlyList<WorkerView> workers, AnalyticsView byWorker)
    {
        var shares = byWorker.Metrics.Single().Series.ToDictionary(series => series.Group ?? "", series => series.Points.Single().Values["share"]);
        return
        [
            .. workers.Select(worker => new TopWorker(
                worker.Name, worker.Status, worker.StatusReason, worker.Slots, worker.Leased, shares.GetValueOrDefault(worker.Name), worker.UnconfirmedSince)),
        ];
    }

    private static TopRun Of(TaskView task, SessionView? session, Dictionary<Guid, string> workers) => new()
    {
        TaskId = task.Id,
        Title = task.Title,
        Status = task.Status,
        Attempt = task.Attempt,
        Runtime = task.Runtime,
        Model = session?.Model ?? task.Model,
        Worker = task.WorkerId is { } id ? workers.GetValueOrDefault(id) : null,
        Since = task.StartedAt,
        CostUsd = task.SpentUsd > 0 ? task.SpentUsd : session?.CostUsd,
        UnconfirmedSince = task.UnconfirmedSince,
        StalledSince = task.StalledSince,
    };

    private static TopRequest Of(RequestView request) =>
        new(request.Id, request.Kind, request.Title, request.TaskId, request.TaskTitle, request.AskedAt, request.EscalatedAt);

    private static TopHour Of(AnalyticsView view)
    {
        decimal? Figure(AnalyticsMetric metric, string name) =>
            view.Metrics.Single(each => each.Metric == metric).Series.Single().Points.Single().Values[name];

        return new TopHour(
            (long)(Figure(AnalyticsMetric.Throughput, "completed") ?? 0),
            (long)(Figure(AnalyticsMetric.FailedRate, "failed") ?? 0),
            Figure(AnalyticsMetric.CompletionRate, "rate"),
            (long)(Figure(AnalyticsMetric.ClaimLatency, "count") ?? 0),
            Figure(AnalyticsMetric.ClaimLatency, "p50"),
            Figure(AnalyticsMetric.ClaimLatency, "p95"),
            Figure(AnalyticsMetric.Cost, "usd") ?? 0);
    }
}

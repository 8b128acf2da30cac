using System.Runtime.CompilerServices;
using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Analytics;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Analytics;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Tasks.Queue;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentVine.Testing.Conformance;

/// <summary>
/// Two and a half hours of a small fleet, to the second: 2030-01-01, 10:00 to 12:30. The figures that follow from it are worked out by hand
/// in <see cref="AnalyticsConformance"/>.
/// </summary>
internal sealed class AnalyticsHistory(IStore store, QueueTime time) : IAsyncDisposable
{
    public const string A = "https://example.com/team/a";
    public const string B = "https://example.com/team/b";

    /// <summary>The day's midnight.</summary>
    public static readonly DateTimeOffset Day = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private QueueSampler? _sampler;

    public QueueFleet Fleet { get; } = new(store, time);

    public async Task PlayAsync()
    {
        At("10:00:00");
        var alpha = await Fleet.RegisterAsync("alpha");
        await Fleet.FileAsync("T1", TaskPriority.High, repository: A);
        await Fleet.FileAsync("T2", repository: A);
        var third = await Fleet.FileAsync("T3", TaskPriority.Low, repository: B);
        await SampleAsync();

        At("10:00:10");
        var first = await ClaimAsync(alpha, "T1");
        await Fleet.OpenSessionAsync(first, "s1");
        await Fleet.CheckpointAsync(first, 1, "s1");
        await SampleAsync();
        At("10:00:30");
        var second = await ClaimAsync(alpha, "T2");
        await Fleet.OpenSessionAsync(second, "s2");
        At("10:01:00");
        await SampleAsync();
        var question = await Fleet.AskAsync(second);
        At("10:01:40");
        await Fleet.AnswerAsync(question.Id);
        At("10:02:10");
        await Fleet.CompleteAsync(first, result: new TaskResult { CostUsd = 0.50m, Tokens = new TokenCount(100, 20, 1000, 50) });
        At("10:03:00");
        question = await Fleet.AskAsync(second);
        At("10:05:00");
        await Fleet.AnswerAsync(question.Id);
        At("10:06:00");
        await Fleet.PostAsync(second.Task.Id);
        await Fleet.PostAsync(second.Task.Id);

        At("10:10:00");
        var beta = await RegisterBetaAsync();
        var failing = await ClaimAsync(beta, "T3");
        At("10:20:00");
        await Fleet.FailAsync(failing, FailureKind.Permanent, result: new TaskResult { CostUsd = 9.99m });
        await StoreUsageAsync(failing, ("10:10:00", "m1", 10, 0.10m), ("10:59:00", "m2", 4, 0.20m), ("11:00:00", "m2", 2, 0.05m));
        At("10:30:00");
        await Fleet.CompleteAsync(second, result: new TaskResult { CostUsd = 0.25m });
        At("10:31:00");
        await Fleet.FileAsync("T6", repository: A);
        var reusing = await ClaimAsync(alpha, "T6");
        await Fleet.OpenSessionAsync(reusing, "s1");
        At("10:36:00");
        await Fleet.CompleteAsync(reusing);

        At("11:00:00");
        await Fleet.FileAsync("T4", repository: B);
        var long4 = await ClaimAsync(alpha, "T4");
        await Fleet.OpenSessionAsync(long4, "s4");
        At("11:05:00");
        await Fleet.PostAsync(long4.Task.Id);
        At("11:10:00");
        await Fleet.ReapSessionsAsync();
        At("11:30:00");
        await Fleet.RetryAsync(third.Id);
        failing = await ClaimAsync(beta, "T3");
        At("11:40:00");
        await Fleet.BeatAsync(beta, failing);
        At("11:45:00");
        await RegisterBetaAsync();
        At("12:00:00");
        await Fleet.CompleteAsync(long4, result: new TaskResult { CostUsd = 1.00m });
        At("12:15:00");
        await Fleet.FileAsync("T5", repository: A);
        At("12:20:00");
        var running = await ClaimAsync(alpha, "T5");
        await Fleet.OpenSessionAsync(running, "s5");
        At("12:25:00");
        await Fleet.AskAsync(running);
        At("12:30:00");
    }

    /// <summary>Asks as a caller would, with the query as it is typed.</summary>
    public async Task<AnalyticsView> AskAsync(string query) => (await ShowAnalytics.Handle(
        new DefaultHttpContext { Request = { QueryString = new QueryString(query) } },
        Fleet.Store, Fleet.Get<IEnumerable<IQueueDepthSource>>(), time, default)).Value!;

    public Task SampleAsync() => TurnOf(_sampler ??= ActivatorUtilities.CreateInstance<QueueSampler>(Fleet.Get<IServiceProvider>()), default);

    public void At(string timeOfDay) => time.Advance(Day + TimeSpan.Parse(timeOfDay, System.Globalization.CultureInfo.InvariantCulture) - time.GetUtcNow());

    public ValueTask DisposeAsync() => Fleet.DisposeAsync();

    private Task<Guid> RegisterBetaAsync() => Fleet.RegisterAsync(
        "beta", null, new WorkerAccount { Name = "plan", Kind = AccountKind.ApiKey, Runtime = Contracts.RuntimeNames.Rehearsal, Fingerprint = "01234567" });

    private async Task<WorkOrderView> ClaimAsync(Guid worker, string title)
    {
        var order = await Fleet.ClaimAsync(worker);
        return order?.Task.Title == title ? order : throw new InvalidOperationException($"{order?.Task.Title ?? "nothing"} was claimed, not {title}.");
    }

    private Task StoreUsageAsync(WorkOrderView order, params (string Minute, string Model, long Tokens, decimal Cost)[] rows) => UsageEndpoints.Store(
        order.ExecutionId,
        new WorkerBody<UsageRequest>(new UsageRequest
        {
            LeaseToken = order.LeaseToken,
            Rows =
            [
                .. rows.Select(row => new UsageRow
                {
                    Minute = Day + TimeSpan.Parse(row.Minute, System.Globalization.CultureInfo.InvariantCulture),
                    Model = row.Model,
                    Calls = 1,
                    Input = row.Tokens,
                    Output = 1,
                    CostUsd = row.Cost,
                }),
            ],
        }),
        Fleet.Store, Fleet.Get<AccountBook>(), default);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "TurnAsync")]
    private static extern Task TurnOf(QueueSampler sampler, CancellationToken cancellationToken);
}

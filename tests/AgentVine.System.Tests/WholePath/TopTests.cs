using System.Text.Json;
using AgentVine.Cli;
using AgentVine.Client;
using AgentVine.Contracts.Analytics;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Tasks;
using AgentVine.System.Tests.Cli;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

/// <summary>The figures and <c>vine top</c> over a fleet that runs.</summary>
[Collection(nameof(FleetOfThree))]
public sealed class TopTests
{
    [Fact]
    public async Task Top_ShowsWhatRunsAndWhatNeedsSomebody_AndTheFiguresAddUp()
    {
        await using var vine = await VineFleet.UpAsync(workers: 1, "--runtime", "rehearsal");
        await FileAsync(vine, "Give up", "- fail: { kind: permanent, message: it cannot be }\n");
        var asking = await FileAsync(vine, "Ask", "- ask: { question: Which colour?, options: [red, blue] }\n");
        await vine.WaitForAsync(
            async () => (await vine.Client.ListRequestsAsync(RequestStatus.Open, asking.Id, null, CancellationToken.None)).Items is [var request, ..] ? request : null, "the agent asks");

        var setup = new CommandLineRun.Setup { Server = vine.Client.Server };
        var (shown, data) = (await setup.RunAsync("top", "--once"), await setup.RunAsync("top", "--json"));

        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (shown.Code, data.Code));
        Assert.Contains("Which colour?", shown.Out, StringComparison.Ordinal);
        Assert.Contains("Give up: ", shown.Out, StringComparison.Ordinal);
        var run = Assert.Single(data.Json.GetProperty("running").EnumerateArray());
        Assert.Equal(("Ask", "waiting", "rehearsal"), (run.GetProperty("title").GetString(), run.GetProperty("status").GetString(), run.GetProperty("runtime").GetString()));
        Assert.Equal(asking.Id, Assert.Single(data.Json.GetProperty("requests").EnumerateArray()).GetProperty("task_id").GetGuid());
        Assert.Equal("Give up", Assert.Single(data.Json.GetProperty("dead_letters").EnumerateArray()).GetProperty("title").GetString());
        Assert.Equal(1, Assert.Single(data.Json.GetProperty("workers").EnumerateArray()).GetProperty("leased").GetInt32());
        var hour = data.Json.GetProperty("last_hour");
        Assert.Equal((0, 1, 2), (hour.GetProperty("completed").GetInt32(), hour.GetProperty("failed").GetInt32(), hour.GetProperty("claims").GetInt32()));

        var figures = await vine.Client.GetAnalyticsAsync(
            new AnalyticsFilter(Metrics: [AnalyticsMetric.ErrorRate, AnalyticsMetric.RequestsPerHour], Group: AnalyticsGroup.Runtime), CancellationToken.None);
        Assert.Equal([1, 1], figures.Metrics.Select(metric => Assert.Single(metric.Series, series => series.Group == "rehearsal").Points.Single().Values)
            .Select(values => values.GetValueOrDefault("errors") ?? values.GetValueOrDefault("count")));
        var refusal = await Assert.ThrowsAsync<VineApiException>(() => vine.Client.GetAnalyticsAsync(
            new AnalyticsFilter(Metrics: [AnalyticsMetric.QueueDepth], Group: AnalyticsGroup.Model), CancellationToken.None));
        Assert.Equal(400, refusal.Status);
    }

    private static Task<TaskView> FileAsync(VineFleet vine, string title, string playbook) => vine.Client.CreateTaskAsync(
        new CreateTaskRequest
        {
            Title = title,
            RepositoryUrl = vine.Repository.Folder,
            Runtime = "rehearsal",
            Payload = JsonSerializer.SerializeToElement(new { playbook }),
        },
        CancellationToken.None);
}

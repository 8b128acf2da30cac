using AgentVine.Contracts.Events;
using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

/// <summary>Twelve real agents on one account that meets its limit in mid-run. Run by hand: they want a machine to themselves.</summary>
public sealed class TwelveAgentsTests
{
    private const int Twelve = 12;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(70);

    [Fact(Explicit = true)]
    public async Task Twelve_StopAtTheLimit_AndGoOnByThemselvesAfterItsReset()
    {
        await using var vine = await VineFleet.ServeAsync(new Dictionary<string, string> { ["VINE_SLOTS"] = "4" });
        foreach (var name in (string[])["one", "two", "three"])
        {
            vine.AddWorker(name);
        }

        var until = new Lazy<DateTimeOffset>(() => TimeProvider.System.GetUtcNow() + Limit);
        ModelReply Limited(ModelReply otherwise) =>
            until.Value - TimeProvider.System.GetUtcNow() is { Ticks: > 0 } left ? Fault.RateLimited(left) : otherwise;
        var (begun, all) = (0, new Gate());
        ModelReply Begin()
        {
            if (Interlocked.Increment(ref begun) == Twelve)
            {
                all.Open();
            }

            return Reply.Hold(all).Tool("mcp__vine__report_progress", new { message = "Begun.", percent = 10 });
        }

        var tasks = new List<FiledTask>();
        for (var n = 0; n < Twelve; n++)
        {
            tasks.Add(await vine.FileAsync(ModelScript.Named($"agent-{n}").ThenAlways(it =>
                it.LastUserText.Contains("You are back", StringComparison.Ordinal) ? Limited(Reply.Finish("Back at work."))
                : it.Step == 0 ? Begin()
                : Limited(Reply.Finish("Held until the reset.")))));
        }

        foreach (var task in tasks)
        {
            var done = await task.MovesToAsync(AgentTaskStatus.Completed);

            // A call that comes in the limit's last half minute is held by the gateway, and its attempt goes on.
            Assert.Equal(done.Attempt == 1 ? "Held until the reset." : "Back at work.", done.Result!.Summary);
            Assert.InRange(done.Attempt, 1, 2);
        }

        var events = vine.Events.All;
        var limited = events.First(happened => happened.Type == EventTypes.AccountLimited).Sequence;
        var opened = events.First(happened => happened.Type == EventTypes.AccountOpened).Sequence;
        Assert.DoesNotContain(events, happened => happened.Type == EventTypes.ExecutionStarted && happened.Sequence > limited && happened.Sequence < opened);
        Assert.InRange(events.Count(happened => happened.Type == EventTypes.ExecutionStarted), Twelve + 1, 2 * Twelve);
        foreach (var task in tasks)
        {
            var executions = await vine.Client.ListTaskExecutionsAsync(task.Id, CancellationToken.None);
            Assert.Single(executions.Select(execution => execution.SessionId).Distinct());
        }

        // One to begin and one at the limit for each, and one for each that went on.
        Assert.InRange(vine.Model.Calls.All.Count, 2 * Twelve, 3 * Twelve);
    }
}

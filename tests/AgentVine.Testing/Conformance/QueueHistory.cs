using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Tasks;
using AgentVine.Testing.Databases;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>Random histories of the queue on a database, each beside a model. A failure names its seed.</summary>
public abstract class QueueHistory(TestDatabase database, int histories)
{
    private const int Steps = 60;
    private const ulong Seed = 20261121;
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private readonly HashSet<(AgentTaskStatus? From, AgentTaskStatus To)> _moves = [];

    [Fact]
    public async Task The_engine_is_what_the_model_is_through_known_histories()
    {
        await RunAsync(Config.QuickThrowOnFailure.WithReplay(Seed, Gamma).WithMaxTest(histories));

        var missing = AgentTaskTransitions.All.Where(move => !_moves.Contains((move.From, move.To)));
        Assert.True(histories < 10 || !missing.Any(), $"No history made the moves: {string.Join(", ", missing.Select(move => $"{move.From} to {move.To}"))}");
    }

    [Fact]
    public Task The_engine_is_what_the_model_is_through_histories_never_seen() =>
        RunAsync(Config.QuickThrowOnFailure.WithMaxTest(Math.Max(1, histories / 4)));

    private static Arbitrary<QueueStep[]> Histories()
    {
        var step =
            from verb in Gen.Frequency(Enum.GetValues<QueueVerb>().Select(verb => (Weight(verb), Gen.Constant(verb))))
            from one in Gen.Choose(0, 999)
            from two in Gen.Choose(0, 999)
            select new QueueStep(verb, one, two);
        return Arb.From(Gen.ArrayOf(step, Steps), Shorter);
    }

    // What most often happens is said most often; the rest is what makes it hard.
    private static int Weight(QueueVerb verb) => verb switch
    {
        QueueVerb.Claim => 14,
        QueueVerb.File => 8,
        QueueVerb.Complete or QueueVerb.Fail or QueueVerb.Ask => 6,
        QueueVerb.Advance or QueueVerb.Cancel or QueueVerb.FileDependent or QueueVerb.Answer or QueueVerb.Accept or QueueVerb.Reject => 4,
        QueueVerb.Retry or QueueVerb.DependOn => 4,
        QueueVerb.Lapse or QueueVerb.RegisterAnew => 1,
        _ => 2,
    };

    // Without a half, a quarter, an eighth … down to single steps.
    private static IEnumerable<QueueStep[]> Shorter(QueueStep[] history)
    {
        for (var part = history.Length / 2; part > 0; part /= 2)
        {
            for (var at = 0; at < history.Length; at += part)
            {
                yield return [.. history[..at], .. history[Math.Min(history.Length, at + part)..]];
            }
        }
    }

    private async Task RunAsync(Config config)
    {
        var time = new QueueTime();
        await database.ReopenAsync(time);

        // FsCheck's properties are synchronous; on a thread of their own they keep none of the runner's.
        await Task.Factory.StartNew(
            () => Check.One(config, Prop.ForAll(Histories(), history => HoldsAsync(history, time).GetAwaiter().GetResult())),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private async Task<bool> HoldsAsync(QueueStep[] history, QueueTime time)
    {
        await QueueGround.ClearAsync(database.Store);
        await using var fleet = new QueueFleet(database.Store, time);
        var model = new QueueModel(fleet);
        await model.RunAsync(history);
        _moves.UnionWith(model.Moves);
        return true;
    }
}

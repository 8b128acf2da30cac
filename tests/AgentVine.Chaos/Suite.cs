using AgentVine.Chaos.Checks;
using AgentVine.Chaos.Faults;
using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos;

/// <summary>One run: a fleet, the faults of a plan one after another, and all checks.</summary>
internal sealed class Suite(ChaosOptions options)
{
    private const int FaultsBetweenRests = 6;
    private readonly Findings _findings = new();
    private readonly Tally _tally = new();

    /// <summary>Runs; true when nothing was violated.</summary>
    public async Task<bool> RunAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        var disk = options.Postgres ? null : SmallDisk.Make();
        IServerKind kind = options.Postgres ? await PostgresKind.StartAsync() : new SqliteKind(disk);
        await using var fleet = await ChaosFleet.StartAsync(kind, options.Keep);
        var plan = Plan.Of(options, Places(disk), fleet.Workers.Count, Real());
        Console.WriteLine($"chaos: seed {options.Seed}, {plan.Count} faults, server on {fleet.Kind.Name}, data in {fleet.Folder}");
        var filing = new Filing(fleet, options.Seed);
        var works = new WorkCheck(fleet, _findings);
        var truth = new Truth(fleet, _findings);
        await using var checkpoints = new CheckpointWatch(fleet, _findings);
        var left = new LeftWork(fleet, _findings);
        var striker = new Striker(fleet, filing, _findings, truth, left, checkpoints);
        foreach (var fault in plan)
        {
            await StrikeAsync(striker, fault);
            if ((fault.Number % FaultsBetweenRests == 0 && !options.Quick) || fault.Number == plan.Count)
            {
                await works.QuietAsync(filing.All);
                await truth.LookAsync("at rest");
            }
        }

        var log = await new LogCheck(fleet, _findings).RunAsync();
        await left.CheckAsync(log);
        new RefusedNews(fleet, _findings).Check(log);
        await new AnswerCheck(fleet, _findings).RunAsync(log, fleet.Person.Words);
        Report(log, fleet, TimeProvider.System.GetElapsedTime(began));
        return !_findings.Any;
    }

    private async Task StrikeAsync(Striker striker, PlannedFault fault)
    {
        Console.WriteLine(fault);
        var works = new List<Work>();
        var hit = false;
        try
        {
            hit = await striker.StrikeAsync(fault, works);
        }
        catch (TimeoutException late)
        {
            _findings.Add("the fleet goes on", $"{fault.Place.Name}: {late.Message}", "");
        }

        if (!hit)
        {
            Console.WriteLine("    missed: the place was not passed");
        }

        _tally.Add(fault, hit, works);
    }

    private IReadOnlyList<FaultPlace> Places(SmallDisk? disk)
    {
        var places = FaultPlaces.All
            .Where(place => options.Points.Count == 0 || options.Points.Any(point => place.Name.Contains(point, StringComparison.OrdinalIgnoreCase)))
            .ToList();
        if (!options.Postgres && places.RemoveAll(place => place.Kind == FaultKind.Database) > 0)
        {
            _tally.Skip("faults of the database: --postgres strikes them");
        }

        if (disk is null && places.RemoveAll(place => place.Strike == Strike.DiskFull) > 0)
        {
            _tally.Skip("a full disk of the server: a small file system of its own is made by root only, and for SQLite");
        }

        return places;
    }

    private int Real()
    {
        if (RealAgent.Program is null)
        {
            _tally.Skip("the real Claude Code: it is not installed here. ./test.sh installs the pinned version; VINE_CLAUDE_PATH names another");
            return 0;
        }

        return options.Real ?? 12;
    }

    private void Report(IReadOnlyList<Fact> log, ChaosFleet fleet, TimeSpan took)
    {
        Console.WriteLine();
        foreach (var line in _tally.Table(log))
        {
            Console.WriteLine(line);
        }

        foreach (var (rule, what, evidence) in _findings.All)
        {
            Console.WriteLine($"\n=== {rule}: {what}\n{evidence}");
        }

        if (_findings.Any)
        {
            Console.WriteLine($"\n=== the processes' last words\n{string.Join('\n', fleet.Logs())}");
        }

        Console.WriteLine($"\nseed {options.Seed}: {log.Count} events, {_findings.All.Count()} violations, {took.TotalSeconds:0} s");
    }
}

using AgentVine.Chaos.Checks;
using AgentVine.Chaos.Faults;
using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos;

/// <summary>Strikes as planned, brings back what was struck, and looks at what is shown then.</summary>
internal sealed class Striker(ChaosFleet fleet, Filing filing, Findings findings, Truth truth, LeftWork work, CheckpointWatch checkpoints)
{
    private const int MostTasks = 9;
    private static readonly TimeSpan PastALease = ChaosFleet.Lease * 1.7;
    private static readonly TimeSpan UntilSeen = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PerTask = TimeSpan.FromSeconds(6);

    // The bound that the product promises, and the pause between two looks: what is going just then is seen gone by the second.
    private static readonly TimeSpan ProcessGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SecondLook = TimeSpan.FromMilliseconds(300);

    /// <summary>Strikes; false when the place was not passed.</summary>
    public async Task<bool> StrikeAsync(PlannedFault fault, List<Work> works)
    {
        fleet.Person.Holds = fault.Place.Holds;
        try
        {
            return fault.Place.Strike switch
            {
                Strike.AtItsPoint when fault.Place.Kind == FaultKind.Server => await ArmServerAsync(fault, works),
                Strike.AtItsPoint when fault.Place.Kind == FaultKind.Database => await ArmDatabaseAsync(fault, works),
                Strike.AtItsPoint => await ArmWorkerAsync(fault, works),
                Strike.DiskFull => await FillDiskAsync(works),
                _ => await StrikeWhenSeenAsync(fault, works),
            };
        }
        finally
        {
            fleet.Person.Holds = false;
        }
    }

    private async Task<bool> ArmServerAsync(PlannedFault fault, List<Work> works)
    {
        await ChaosFleet.StopAsync(fleet.Server);
        await fleet.StartServerAsync($"{fault.Place.Trigger}:{fault.Pass}");
        var server = fleet.Server;
        var hit = await FileUntilAsync(fault, works, () => server.HasExited);
        if (fleet.Server == server)
        {
            await ComeBackAsync(fault);
        }

        return hit;
    }

    // The server lives on and says that it cannot work now, until the database is back.
    private async Task<bool> ArmDatabaseAsync(PlannedFault fault, List<Work> works)
    {
        if (fleet.Kind is not PostgresKind database)
        {
            return false;
        }

        await ChaosFleet.StopAsync(fleet.Server);
        await fleet.StartServerAsync($"{fault.Place.Trigger}:{fault.Pass}");
        var before = database.Pid;
        var hit = await FileUntilAsync(fault, works, () => database.IsDown || database.Pid != before);
        if (database.IsDown)
        {
            await Task.Delay(fault.Away ? PastALease : fault.Delay, TimeProvider.System);
            await database.StartAgainAsync();
        }

        return hit;
    }

    private async Task<bool> ArmWorkerAsync(PlannedFault fault, List<Work> works)
    {
        var worker = fleet.Workers[fault.Victim];
        await ChaosFleet.StopAsync(worker.Process!);
        fleet.StartWorker(worker, $"{fault.Place.Trigger}:{fault.Pass}");
        var hit = await FileUntilAsync(fault, works, () => worker.Process!.HasExited);
        if (!hit)
        {
            await ChaosFleet.StopAsync(worker.Process!);
        }

        await MournAsync(worker, fault);
        return hit;
    }

    // Any worker may claim what is filed: more is filed until the armed process has passed its point.
    private async Task<bool> FileUntilAsync(PlannedFault fault, List<Work> works, Func<bool> isStruck)
    {
        for (var i = 0; i < MostTasks && !isStruck(); i++)
        {
            var filed = Enumerable.Range(0, i == 0 ? 2 : 1).Select(_ => filing.FileAsync(fault.Place.Shape, fault.IsReal)).ToList();
            works.AddRange(await FileBesideAsync(fault, isStruck, Task.WhenAll(filed)));
            try
            {
                await ChaosFleet.UntilAsync(() => Task.FromResult(isStruck()), "", fault.IsReal ? PerTask * 2 : PerTask);
            }
            catch (TimeoutException)
            {
                continue;
            }
        }

        return isStruck();
    }

    // While the struck server is down nothing can be filed: it is brought back first.
    private async Task<IReadOnlyList<Work>> FileBesideAsync(PlannedFault fault, Func<bool> isStruck, Task<Work[]> filed)
    {
        while (!filed.IsCompleted)
        {
            if (isStruck() && fleet.Server.HasExited)
            {
                await ComeBackAsync(fault);
            }
            else if (isStruck() && fleet.Kind is PostgresKind { IsDown: true } database)
            {
                await database.StartAgainAsync();
            }

            await Task.WhenAny(filed, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
        }

        return await filed;
    }

    private async Task<bool> StrikeWhenSeenAsync(PlannedFault fault, List<Work> works)
    {
        var mark = fleet.Journal.LastSequence;
        var work = await filing.FileAsync(fault.Place.Shape, fault.IsReal);
        works.Add(work);
        var seen = await fleet.Journal.WaitAsync(mark, fact => fact.Task == work.Id && Triggers(fault.Place.Trigger, fact), UntilSeen);
        if (seen is null || (work.Shape is WorkShape.Commits or WorkShape.Runs && !await HasProcessAsync(seen.Execution!)))
        {
            return false;
        }

        await Task.Delay(fault.Delay, TimeProvider.System);
        return fault.Place.Kind switch
        {
            FaultKind.Server => await StrikeServerAsync(fault),
            FaultKind.Worker => await StrikeWorkerAsync(fault, work),
            _ => await StrikeAgentAsync(seen.Execution!),
        };
    }

    // A conversation that is gone on with is not opened once more.
    private static bool Triggers(string trigger, Fact fact) =>
        fact.Type == trigger || (trigger == "session.opened" && fact.Type == "session.status_changed" && fact["status"] == "active");

    private static async Task<bool> HasProcessAsync(string execution)
    {
        try
        {
            await ChaosFleet.UntilAsync(() => Task.FromResult(ProcessesOf([execution]).Count > 0), "the agent has a process", UntilSeen);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<bool> StrikeServerAsync(PlannedFault fault)
    {
        if (fault.Place.Strike == Strike.PausedPastALease)
        {
            Processes.Pause(fleet.Server.Id);
            await Task.Delay(PastALease, TimeProvider.System);
            Processes.Resume(fleet.Server.Id);
            return true;
        }

        fleet.Server.Kill();
        await ComeBackAsync(fault);
        return true;
    }

    private async Task ComeBackAsync(PlannedFault fault)
    {
        if (!fleet.Server.HasExited)
        {
            if (fault.Place.Strike == Strike.AtItsPoint)
            {
                await ChaosFleet.StopAsync(fleet.Server);
            }

            await ChaosFleet.UntilAsync(() => Task.FromResult(fleet.Server.HasExited), "the killed server is gone");
        }

        if (fault.Place.Strike == Strike.AwayPastALease)
        {
            await Task.Delay(PastALease, TimeProvider.System);
        }

        var paused = fault.Place.IsLookedAtAlone ? fleet.Workers.Where(worker => worker.IsAlive).Select(worker => worker.Process!.Id).ToList() : [];
        paused.ForEach(Processes.Pause);
        try
        {
            await fleet.StartServerAsync(fault: null);
            await truth.LookAsync($"{fault.Place.Name}: at the restarted server's first answer");
            await checkpoints.LookAsync();
        }
        finally
        {
            paused.ForEach(Processes.Resume);
        }
    }

    private async Task<bool> StrikeWorkerAsync(PlannedFault fault, Work work)
    {
        if (WorkerOf(work) is not { IsAlive: true } worker)
        {
            return false;
        }

        if (fault.Place.Strike == Strike.PausedPastALease)
        {
            Processes.Pause(worker.Process!.Id);
            var lost = await fleet.Journal.WaitAsync(0, fact => fact.Task == work.Id && fact.Type == "execution.ended", PastALease * 3);
            Processes.Resume(worker.Process.Id);
            return lost?["status"] == "lost";
        }

        if (fault.Place.Strike == Strike.KilledBehindAPausedServer)
        {
            Processes.Pause(fleet.Server.Id);
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        }

        worker.Process!.Kill();
        if (fault.Place.Strike == Strike.KilledBehindAPausedServer)
        {
            Processes.Resume(fleet.Server.Id);
        }

        await MournAsync(worker, fault);
        return true;
    }

    // What a dead worker leaves: no process for longer than two seconds, and nothing that is shown running for long.
    private async Task MournAsync(WorkerPlace worker, PlannedFault fault)
    {
        await ChaosFleet.UntilAsync(() => Task.FromResult(!worker.IsAlive), "the killed worker is gone");
        var left = RunningOn(worker.Name);
        await Task.Delay(ProcessGrace, TimeProvider.System);
        if (ProcessesOf(left).Count > 0)
        {
            await Task.Delay(SecondLook, TimeProvider.System);
            if (ProcessesOf(left) is { Count: > 0 } outlived)
            {
                findings.Add("no process left", $"{fault.Place.Name}: processes outlived their worker {worker.Name} by {ProcessGrace.TotalSeconds:0} s", string.Join('\n', outlived.Select(Processes.Describe)));
            }
        }

        await work.NoteAsync(worker, left);
        if (fault.Away)
        {
            await Task.Delay(PastALease - ProcessGrace, TimeProvider.System);
        }

        fleet.StartWorker(worker, fault: null);
    }

    private static async Task<bool> StrikeAgentAsync(string execution)
    {
        if (!await HasProcessAsync(execution))
        {
            return false;
        }

        foreach (var pid in ProcessesOf([execution]))
        {
            Processes.Kill(pid);
        }

        return true;
    }

    private async Task<bool> FillDiskAsync(List<Work> works)
    {
        if (fleet.Kind is not SqliteKind { Disk: { } disk })
        {
            return false;
        }

        var work = await filing.FileAsync(WorkShape.Plain, isReal: false);
        works.Add(work);
        var ended = await fleet.Journal.WaitAsync(0, fact => fact.Task == work.Id && fact.Type == "execution.ended", UntilSeen);
        return ended is not null && await new FullDisk(fleet, findings).StrikeAsync(disk, ended.Execution!);
    }

    private WorkerPlace? WorkerOf(Work work)
    {
        var name = fleet.Journal.All.LastOrDefault(fact => fact.Type == "execution.started" && fact.Task == work.Id)?["worker"];
        return fleet.Workers.FirstOrDefault(worker => worker.Name == name);
    }

    private List<string> RunningOn(string worker)
    {
        var log = fleet.Journal.All;
        var ended = log.Where(fact => fact.Type == "execution.ended").Select(fact => fact.Execution).ToHashSet();
        return [.. log.Where(fact => fact.Type == "execution.started" && fact["worker"] == worker && !ended.Contains(fact.Execution)).Select(fact => fact.Execution!)];
    }

    private static List<int> ProcessesOf(IReadOnlyList<string> executions) =>
        [.. Processes.OfAgents().Where(process => executions.Contains(process.Execution)).Select(process => process.Pid)];
}

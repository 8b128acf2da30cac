using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos.Checks;

/// <summary>The event log: gapless, the same for who follows and who reads, and no state change in it twice.</summary>
internal sealed class LogCheck(ChaosFleet fleet, Findings findings)
{
    /// <summary>Reads the whole log and returns it.</summary>
    public async Task<IReadOnlyList<Fact>> RunAsync()
    {
        var log = await ReadAsync();
        if (log.Count == 0)
        {
            return log;
        }

        await fleet.Journal.WaitAsync(0, fact => fact.Sequence >= log[^1].Sequence, TimeSpan.FromSeconds(20));
        Numbered(log);
        Followed(log);
        foreach (var task in log.Where(fact => fact.Task is not null).GroupBy(fact => fact.Task!))
        {
            Moves(task.Key, [.. task]);
            Attempts([.. task]);
            Requests([.. task]);
        }

        Orders(log);
        Leases(log);
        return log;
    }

    private async Task<IReadOnlyList<Fact>> ReadAsync()
    {
        var log = new List<Fact>();
        while (true)
        {
            var page = await fleet.Api.GetAsync($"/api/v1/events?after={(log.Count == 0 ? 0 : log[^1].Sequence)}&limit=200", CancellationToken.None);
            var before = log.Count;
            log.AddRange(page.Body.EnumerateArray().Select(json => new Fact(json)));
            if (log.Count == before)
            {
                return log;
            }
        }
    }

    private void Numbered(IReadOnlyList<Fact> log)
    {
        for (var i = 0; i < log.Count; i++)
        {
            if (log[i].Sequence != i + 1)
            {
                findings.Add("gapless log", $"event {i + 1} has the sequence {log[i].Sequence}", Around(log, i));
                return;
            }
        }
    }

    // Each event once, in order, and the same in every word.
    private void Followed(IReadOnlyList<Fact> log)
    {
        var live = fleet.Journal.All;
        for (var i = 0; i < Math.Min(live.Count, log.Count); i++)
        {
            if (live[i].Json.GetRawText() != log[i].Json.GetRawText())
            {
                findings.Add("followed log", $"the reader that followed got {live[i].Sequence} where the log has {log[i].Sequence}", $"followed:\n{Around(live, i)}\nread:\n{Around(log, i)}");
                return;
            }
        }

        if (live.Count != log.Count)
        {
            findings.Add("followed log", $"the reader that followed got {live.Count} events, and the log has {log.Count}", "");
        }
    }

    private void Moves(string task, IReadOnlyList<Fact> facts)
    {
        string? status = null;
        foreach (var fact in facts.Where(fact => fact.Type is "task.created" or "task.status_changed"))
        {
            if (fact["from"] != status || (fact.Type == "task.created") != (status is null))
            {
                findings.Add("no state change twice", $"task {task} moved from {fact["from"] ?? "nothing"}, and was {status ?? "nothing"}", string.Join('\n', facts));
            }

            status = fact["to"] ?? fact["status"];
        }
    }

    private void Attempts(IReadOnlyList<Fact> facts)
    {
        string? running = null;
        var begun = new HashSet<string>();
        var ended = new HashSet<string>();
        foreach (var fact in facts)
        {
            if (fact.Type == "execution.started")
            {
                Require(running is null, $"execution {fact.Execution} started while {running} ran");
                Require(begun.Add(fact.Execution!), $"execution {fact.Execution} started twice");
                running = fact.Execution;
            }
            else if (fact.Type == "execution.ended")
            {
                Require(begun.Contains(fact.Execution!), $"execution {fact.Execution} ended and never started");
                Require(ended.Add(fact.Execution!), $"execution {fact.Execution} ended twice");
                running = running == fact.Execution ? null : running;
            }
        }

        Require(begun.SetEquals(ended), $"executions never ended: {string.Join(", ", begun.Except(ended))}");

        void Require(bool holds, string otherwise)
        {
            if (!holds)
            {
                findings.Add("no state change twice", otherwise, string.Join('\n', facts));
            }
        }
    }

    private void Requests(IReadOnlyList<Fact> facts)
    {
        var attempts = facts.Where(fact => fact.Type == "execution.started").Select(fact => fact.Execution!).ToList();
        foreach (var request in facts.Where(fact => fact.Request is not null).GroupBy(fact => fact.Request!))
        {
            var told = string.Join(' ', request.Where(fact => fact.Type != "request.escalated").Select(fact => fact.Type["request.".Length..]));
            if (told is not ("opened answered delivered" or "opened answered" or "opened cancelled"))
            {
                findings.Add("answered once", $"request {request.Key} was: {told}", string.Join('\n', facts));
            }

            var asked = request.First().Execution;
            if (request.FirstOrDefault(fact => fact.Type == "request.delivered")?.Execution is { } to && attempts.IndexOf(to) < attempts.IndexOf(asked!))
            {
                findings.Add("answered once", $"the answer to request {request.Key} of execution {asked} was delivered to {to}", string.Join('\n', facts));
            }
        }
    }

    private void Orders(IReadOnlyList<Fact> log)
    {
        foreach (var order in log.Where(fact => fact.WorkOrder is not null && fact.Type.StartsWith("work_order.", StringComparison.Ordinal)).GroupBy(fact => fact.WorkOrder!))
        {
            var claims = order.Where(fact => fact.Type == "work_order.claimed").ToList();
            var ends = order.Count(fact => fact.Type == "work_order.ended");
            if (order.Count(fact => fact.Type == "work_order.enqueued") != 1 || claims.Count > 1 || ends != 1)
            {
                findings.Add("claimed once", $"work order {order.Key} was claimed {claims.Count} times and ended {ends} times", string.Join('\n', order));
            }
        }
    }

    // After a server start no lease lapses for a whole lease; what other things end an attempt then is not in question.
    private void Leases(IReadOnlyList<Fact> log)
    {
        foreach (var lapsed in log.Where(fact => fact.Type == "execution.ended" && fact["status"] == "lost" && fact["error"]!.Contains("renewed no lease", StringComparison.Ordinal)))
        {
            var start = fleet.ServerStarts.LastOrDefault(start => start <= lapsed.At);
            if (lapsed.At < start + ChaosFleet.Lease)
            {
                findings.Add(
                    "a full lease after a start",
                    $"execution {lapsed.Execution} lost its lease {(lapsed.At - start).TotalSeconds:0.0} s after the server's start",
                    Evidence.Of(fleet, lapsed.Task));
            }
        }
    }

    private static string Around(IReadOnlyList<Fact> facts, int index) => string.Join('\n', facts.Skip(index - 3).Take(7));
}

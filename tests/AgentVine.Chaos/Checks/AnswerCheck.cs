using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos.Checks;

/// <summary>Every answer reached an agent at most once, the one that asked or its successor, and after it was stored: by what agents said.</summary>
internal sealed class AnswerCheck(ChaosFleet fleet, Findings findings)
{
    public async Task RunAsync(IReadOnlyList<Fact> log, IReadOnlyDictionary<string, string> words)
    {
        var opened = log.Where(fact => fact.Type == "request.opened").ToDictionary(fact => fact.Request!);
        var answered = log.Where(fact => fact.Type == "request.answered").DistinctBy(fact => fact.Request).ToDictionary(fact => fact.Request!, fact => fact.At);
        foreach (var task in opened.Values.Select(fact => fact.Task!).Distinct())
        {
            var attempts = log.Where(fact => fact.Type == "execution.started" && fact.Task == task).Select(fact => fact.Execution!).ToList();
            var said = new List<Line>();
            foreach (var execution in attempts)
            {
                said.AddRange(await OutputAsync(execution));
            }

            foreach (var request in opened.Values.Where(fact => fact.Task == task && words.ContainsKey(fact.Request!)))
            {
                var heard = said.Where(line => line.Text.Contains(words[request.Request!], StringComparison.Ordinal)).ToList();
                Check(request, heard, attempts, answered);
            }
        }
    }

    private void Check(Fact request, IReadOnlyList<Line> heard, IReadOnlyList<string> attempts, Dictionary<string, DateTimeOffset> answered)
    {
        // An attempt that goes on from before the answer is told again what went down with the one before it; none is told twice.
        foreach (var twice in heard.GroupBy(line => line.Execution).Where(lines => lines.Count() > 1))
        {
            Add(request, $"the answer to request {request.Request} was heard {twice.Count()} times in {twice.Key}");
        }

        if (heard.Any(line => IndexOf(attempts, line.Execution) < IndexOf(attempts, request.Execution!)))
        {
            Add(request, $"the answer to request {request.Request} of execution {request.Execution} was heard in {heard[0].Execution}");
        }

        if (heard.Count > 0 && (!answered.TryGetValue(request.Request!, out var at) || heard[0].At < at))
        {
            Add(request, $"the answer to request {request.Request} was heard in {heard[0].Execution} at {heard[0].At:HH:mm:ss.fff}, before it was stored");
        }
    }

    // What a rehearsing agent says of an answer; notes and the person's own line are not the agent's.
    private async Task<IEnumerable<Line>> OutputAsync(string execution)
    {
        var lines = await fleet.Api.GetAsync($"/api/v1/executions/{execution}/output?limit=1000", CancellationToken.None);
        return lines.Body.EnumerateArray()
            .Where(line => line.Text("kind") is "text" or "tool_result")
            .Select(line => new Line(execution, line.Text("text") ?? "", line.GetProperty("at").GetDateTimeOffset()));
    }

    private static int IndexOf(IReadOnlyList<string> attempts, string execution) => attempts.ToList().IndexOf(execution);

    private void Add(Fact request, string what) => findings.Add("answered once", what, Evidence.Of(fleet, request.Task));

    private sealed record Line(string Execution, string Text, DateTimeOffset At);
}

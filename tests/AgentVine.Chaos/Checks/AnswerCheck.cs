using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos.Checks;

/// <summary>Every answer reached an agent at most once, the one that asked or its successor, and after it was stored: by what agents said.</summary>
internal sealed class AnswerCheck(ChaosFleet fleet, Findings findings)
{
    public async Task RunAsync(IReadOnlyList<Fact> log, IReadOnlyDictionary<string, string> words)
    {
        var opened = log.Where(fact => fact.Type == "request.opened").ToDictionary(fact => fact.Request!);
        var answered = log.Where(fact => fact.Type == "request.answered").Select(fact => fact.Request!).ToHashSet();
        foreach (var task in opened.Values.Select(fact => fact.Task!).Distinct())
        {
            var attempts = log.Where(fact => fact.Type == "execution.started" && fact.Task == task).Select(fact => fact.Execution!).ToList();
            var said = new List<(string Execution, string Text)>();
            foreach (var execution in attempts)
            {
                said.AddRange((await OutputAsync(execution)).Select(text => (execution, text)));
            }

            foreach (var request in opened.Values.Where(fact => fact.Task == task && words.ContainsKey(fact.Request!)))
            {
                var heard = said.Where(line => line.Text.Contains(words[request.Request!], StringComparison.Ordinal)).Select(line => line.Execution).ToList();
                Check(request, heard, attempts, answered);
            }
        }
    }

    private void Check(Fact request, IReadOnlyList<string> heard, IReadOnlyList<string> attempts, HashSet<string> answered)
    {
        if (heard.Count > 1)
        {
            Add(request, $"the answer to request {request.Request} was heard {heard.Count} times, in {string.Join(", ", heard)}");
        }

        if (heard.Any(execution => execution != request.Execution && IndexOf(attempts, execution) < IndexOf(attempts, request.Execution!)))
        {
            Add(request, $"the answer to request {request.Request} of execution {request.Execution} was heard in {heard[0]}");
        }

        if (heard.Count > 0 && !answered.Contains(request.Request!))
        {
            Add(request, $"the answer to request {request.Request} was heard in {heard[0]}, and the log knows of no answer");
        }
    }

    // What a rehearsing agent says of an answer; notes and the person's own line are not the agent's.
    private async Task<IEnumerable<string>> OutputAsync(string execution)
    {
        var lines = await fleet.Api.GetAsync($"/api/v1/executions/{execution}/output?limit=1000", CancellationToken.None);
        return lines.Body.EnumerateArray()
            .Where(line => line.Text("kind") is "text" or "tool_result")
            .Select(line => line.Text("text") ?? "");
    }

    private static int IndexOf(IReadOnlyList<string> attempts, string execution) => attempts.ToList().IndexOf(execution);

    private void Add(Fact request, string what) => findings.Add("answered once", what, Evidence.Of(fleet, request.Task));
}

using System.Text.Json;
using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos.Checks;

/// <summary>Nothing is shown running that is not, and task, execution, session, request and command line tell one story.</summary>
internal sealed class Truth(ChaosFleet fleet, Findings findings)
{
    private const string Rule = "one true story";
    private static readonly string[] AtWork = ["in_progress", "waiting"];

    /// <summary>Looks now, at <paramref name="moment"/>.</summary>
    public async Task LookAsync(string moment)
    {
        if (await Snapshot.TakeAsync(fleet.Api) is not { } snapshot)
        {
            Console.WriteLine($"  ({moment}: the log never stood still for a look)");
            return;
        }

        foreach (var task in snapshot.Tasks)
        {
            Compare(task, snapshot, moment);
        }

        foreach (var session in snapshot.Sessions)
        {
            var execution = session.Text("execution_id");
            if (!IsParked(snapshot, session.Text("task_id")!) && !snapshot.Executions.Values.SelectMany(all => all).Any(one => one.Text("id") == execution && one.Text("status") == "running"))
            {
                Add(moment, $"session {session.Text("session_id")} is {session.Text("status")}, and its execution {execution} does not run", session);
            }
        }

        foreach (var request in snapshot.Requests.Where(request => request.Text("kind") != "review" && request.Text("parked_at") is null))
        {
            if (!snapshot.Tasks.Any(task => task.Text("id") == request.Text("task_id") && task.Text("status") == "waiting"))
            {
                Add(moment, $"request {request.Text("id")} is open, and its task {request.Text("task_id")} does not wait", request);
            }
        }

        await CompareCommandLineAsync(snapshot, moment);
    }

    private void Compare(JsonElement task, Snapshot snapshot, string moment)
    {
        var id = task.Text("id")!;
        var status = task.Text("status")!;
        var executions = snapshot.Executions[id];
        var running = executions.Where(execution => execution.Text("status") == "running").ToList();
        if (running.Count > 1)
        {
            Add(moment, $"task {id} has {running.Count} running executions", task);
        }

        if (AtWork.Contains(status) != (running.Count > 0) && !IsParked(snapshot, id))
        {
            Add(moment, $"task {id} is {status}, and {running.Count} of its executions run", task);
        }

        var open = snapshot.Requests.Count(request => request.Text("task_id") == id && request.Text("kind") != "review");
        if ((status == "waiting") != (open > 0))
        {
            Add(moment, $"task {id} is {status}, and {open} of its requests are open", task);
        }

        foreach (var execution in running)
        {
            CompareUnconfirmed(task, execution, snapshot, moment);
        }
    }

    private void CompareUnconfirmed(JsonElement task, JsonElement execution, Snapshot snapshot, string moment)
    {
        var since = execution.Text("unconfirmed_since");
        var worker = fleet.Workers.FirstOrDefault(worker => worker.Name == execution.Text("worker_name"));
        if (since is null && worker is not { IsAlive: true })
        {
            Add(moment, $"execution {execution.Text("id")} is shown running on {execution.Text("worker_name")}, which is dead, and not as unconfirmed", execution);
        }

        var told = new List<(string What, JsonElement Json)> { ("task", task) };
        told.AddRange(snapshot.Sessions.Where(session => session.Text("execution_id") == execution.Text("id")).Select(session => ("session", session)));
        told.AddRange(snapshot.Requests.Where(request => request.Text("execution_id") == execution.Text("id")).Select(request => ("request", request)));
        foreach (var (what, json) in told.Where(one => one.Json.Text("unconfirmed_since") != since))
        {
            Add(moment, $"execution {execution.Text("id")} is unconfirmed since {since ?? "never"}, and its {what} since {json.Text("unconfirmed_since") ?? "never"}", json);
        }
    }

    private async Task CompareCommandLineAsync(Snapshot snapshot, string moment)
    {
        var said = await CommandLine.TasksAsync(fleet);
        if (said is null || (await fleet.Api.GetAsync("/api/v1/tasks?limit=1", CancellationToken.None)).Sequence != snapshot.Sequence)
        {
            return;
        }

        foreach (var task in snapshot.Tasks)
        {
            var line = said.FirstOrDefault(line => line.Text("id") == task.Text("id"));
            if (line.ValueKind == JsonValueKind.Object && line.Text("status") != task.Text("status"))
            {
                Add(moment, $"task {task.Text("id")} is {task.Text("status")}, and vine task list says {line.Text("status")}", line);
            }
        }
    }

    private static bool IsParked(Snapshot snapshot, string task) =>
        snapshot.Requests.Any(request => request.Text("task_id") == task && request.Text("parked_at") is not null);

    private void Add(string moment, string what, JsonElement evidence) =>
        findings.Add(Rule, $"{moment}: {what}", $"{evidence}\n{Evidence.Of(fleet, evidence.Text("task_id") ?? evidence.Text("id"))}");
}

using System.Text.Json;
using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos.Checks;

/// <summary>What the API shows of everything unfinished, all of one moment of the event log.</summary>
internal sealed record Snapshot(
    long Sequence,
    IReadOnlyList<JsonElement> Tasks,
    IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> Executions,
    IReadOnlyList<JsonElement> Sessions,
    IReadOnlyList<JsonElement> Requests)
{
    private const int Tries = 40;

    /// <summary>Null when the log did not stand still for long enough.</summary>
    public static async Task<Snapshot?> TakeAsync(Api api)
    {
        for (var i = 0; i < Tries; i++)
        {
            var snapshot = await ReadAsync(api);
            if ((await ListAsync(api, "/api/v1/tasks?status=queued&limit=1")).Sequence == snapshot.Sequence)
            {
                return snapshot;
            }
        }

        return null;
    }

    private static async Task<Snapshot> ReadAsync(Api api)
    {
        var (tasks, sequence) = await ListAsync(api, "/api/v1/tasks?status=queued&limit=200");
        tasks = [.. tasks, .. (await ListAsync(api, "/api/v1/tasks?status=in_progress&limit=200")).Items, .. (await ListAsync(api, "/api/v1/tasks?status=waiting&limit=200")).Items];
        var executions = new Dictionary<string, IReadOnlyList<JsonElement>>();
        foreach (var id in tasks.Select(task => task.Text("id")!))
        {
            executions[id] = (await ListAsync(api, $"/api/v1/tasks/{id}/executions")).Items;
        }

        var sessions = (await ListAsync(api, "/api/v1/sessions?status=active&limit=200")).Items.Concat((await ListAsync(api, "/api/v1/sessions?status=waiting&limit=200")).Items);
        var requests = (await ListAsync(api, "/api/v1/requests?status=open&limit=200")).Items;
        return new Snapshot(sequence, tasks, executions, [.. sessions], requests);
    }

    private static async Task<(IReadOnlyList<JsonElement> Items, long Sequence)> ListAsync(Api api, string path)
    {
        var answer = await api.GetAsync(path, CancellationToken.None);
        return ([.. answer.Body.EnumerateArray()], answer.Sequence ?? 0);
    }
}

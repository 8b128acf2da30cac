using AgentVine.Chaos.Checks;
using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos;

/// <summary>
/// Fills the server's disk while many write at once, small units around one that the database cannot hold in memory: what is acknowledged
/// then must be there, and what was refused must not.
/// </summary>
internal sealed class FullDisk(ChaosFleet fleet, Findings findings)
{
    private const int Fills = 5;
    private const int Writers = 16;

    // For small units; the large one does not fit.
    private const int Room = 4 << 20;
    private const int LongLine = 4_000_000;
    private static readonly TimeSpan Writing = TimeSpan.FromSeconds(2);
    private int _number;

    /// <summary>Strikes; false when the disk refused nothing.</summary>
    /// <param name="disk">The server's.</param>
    /// <param name="execution">An attempt that has ended, to whose output is added.</param>
    public async Task<bool> StrikeAsync(SmallDisk disk, string execution)
    {
        var isHit = false;
        for (var i = 0; i < Fills; i++)
        {
            disk.Fill(Room);
            using var enough = new CancellationTokenSource(Writing, TimeProvider.System);
            var writers = Enumerable.Range(0, Writers).Select(_ => FileUntilAsync(enough.Token)).ToList();
            while (!enough.IsCancellationRequested)
            {
                isHit |= !await AppendAsync(execution);
            }

            var filed = await Task.WhenAll(writers);
            disk.Free();
            await RequireNoneAsync(filed.SelectMany(each => each.Refused).ToHashSet(StringComparer.Ordinal));
            foreach (var id in filed.SelectMany(each => each.Acknowledged))
            {
                await RequireAsync(id);
            }
        }

        return isHit;
    }

    // Tasks that no worker takes: it is the database that is struck.
    private async Task<(List<string> Acknowledged, List<string> Refused)> FileUntilAsync(CancellationToken enough)
    {
        var (acknowledged, refused) = (new List<string>(), new List<string>());
        while (!enough.IsCancellationRequested)
        {
            var title = $"Filed on a full disk, {Interlocked.Increment(ref _number)}";
            var body = new { title, repository_url = fleet.Repository.Folder, runtime = "command" };
            switch (await fleet.Api.TryAsync(HttpMethod.Post, "/api/v1/tasks", body, CancellationToken.None))
            {
                case { Status: 201 } created:
                    acknowledged.Add(created.Body.Text("id")!);
                    break;
                case { Status: 503 }:
                    refused.Add(title);
                    break;
            }
        }

        return (acknowledged, refused);
    }

    private async Task<bool> AppendAsync(string execution)
    {
        var view = await fleet.Api.GetAsync($"/api/v1/executions/{execution}", CancellationToken.None);
        var last = view.Body.GetProperty("output_count").GetInt64();
        var raw = new string('x', LongLine);
        var lines = Enumerable.Range(1, 2).Select(n => new { n = last + n, at = TimeProvider.System.GetUtcNow(), kind = "system", raw });
        return await fleet.Api.TryAsync(HttpMethod.Post, $"/api/v1/executions/{execution}/output", new { lines }, CancellationToken.None) is { Status: 200 };
    }

    // The answer said that nothing was stored: who files again would have the task twice.
    private async Task RequireNoneAsync(HashSet<string> refused)
    {
        var tasks = await fleet.Api.GetAsync("/api/v1/tasks?limit=1000", CancellationToken.None);
        foreach (var task in tasks.Body.EnumerateArray().Where(task => refused.Contains(task.Text("title") ?? "")))
        {
            findings.Add("nothing half written", $"task {task.Text("id")} was refused while the disk was full, and is stored", Evidence.Of(fleet, task.Text("id")!));
        }
    }

    private async Task RequireAsync(string id)
    {
        if (await fleet.Api.TryAsync(HttpMethod.Post, $"/api/v1/tasks/{id}/cancel", new { }, CancellationToken.None) is { Status: 404 })
        {
            findings.Add("no task lost", $"task {id} was acknowledged while the disk was full, and is not there", Evidence.Of(fleet, id));
        }
    }
}

using AgentVine.Chaos.Checks;
using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos;

/// <summary>
/// Fills the server's disk while many write at once, small units around one that the database cannot hold in memory: what is acknowledged
/// then must be there.
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

            var acknowledged = (await Task.WhenAll(writers)).SelectMany(ids => ids).ToList();
            disk.Free();
            foreach (var id in acknowledged)
            {
                await RequireAsync(id);
            }
        }

        return isHit;
    }

    // Tasks that no worker takes: it is the database that is struck.
    private async Task<IReadOnlyList<string>> FileUntilAsync(CancellationToken enough)
    {
        var acknowledged = new List<string>();
        while (!enough.IsCancellationRequested)
        {
            var body = new { title = $"Filed on a full disk, {Interlocked.Increment(ref _number)}", repository_url = fleet.Repository.Folder, runtime = "command" };
            if (await fleet.Api.TryAsync(HttpMethod.Post, "/api/v1/tasks", body, CancellationToken.None) is { Status: 201 } created)
            {
                acknowledged.Add(created.Body.Text("id")!);
            }
        }

        return acknowledged;
    }

    private async Task<bool> AppendAsync(string execution)
    {
        var view = await fleet.Api.GetAsync($"/api/v1/executions/{execution}", CancellationToken.None);
        var last = view.Body.GetProperty("output_count").GetInt64();
        var raw = new string('x', LongLine);
        var lines = Enumerable.Range(1, 2).Select(n => new { n = last + n, at = TimeProvider.System.GetUtcNow(), kind = "system", raw });
        return await fleet.Api.TryAsync(HttpMethod.Post, $"/api/v1/executions/{execution}/output", new { lines }, CancellationToken.None) is { Status: 200 };
    }

    private async Task RequireAsync(string id)
    {
        if (await fleet.Api.TryAsync(HttpMethod.Post, $"/api/v1/tasks/{id}/cancel", new { }, CancellationToken.None) is { Status: 404 })
        {
            findings.Add("no task lost", $"task {id} was acknowledged while the disk was full, and is not there", Evidence.Of(fleet, id));
        }
    }
}

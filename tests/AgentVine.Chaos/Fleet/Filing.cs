using System.Collections.Concurrent;

namespace AgentVine.Chaos.Fleet;

/// <summary>Files tasks, each once whatever happens to the server meanwhile, and keeps what must become of them.</summary>
internal sealed class Filing(ChaosFleet fleet, int seed)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentQueue<Work> _works = new();
    private int _number;

    public IReadOnlyList<Work> All => [.. _works];

    /// <summary>Whether commands can run here: rehearsals run them in a sandbox only.</summary>
    public bool Runs { get; set; } = true;

    /// <summary>Returns when the server has acknowledged it.</summary>
    public async Task<Work> FileAsync(WorkShape shape, bool isReal)
    {
        var tag = $"c{seed}-{Interlocked.Increment(ref _number)}";
        var body = Body(tag, shape, isReal);
        while (true)
        {
            var answer = await fleet.Api.TryAsync(HttpMethod.Post, "/api/v1/tasks", body, CancellationToken.None, tag);
            if (answer is { Status: 201 })
            {
                return Keep(answer, tag, shape, isReal);
            }

            if (answer is { Status: < 500 })
            {
                throw new InvalidOperationException($"A task was refused with {answer.Status}: {answer.Body}");
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private Work Keep(ApiAnswer created, string tag, WorkShape shape, bool isReal)
    {
        var work = new Work(created.Body.Text("id")!, tag, shape, isReal, Work.FilesOf(tag, shape, Runs || isReal));
        _works.Enqueue(work);
        return work;
    }

    private object Body(string tag, WorkShape shape, bool isReal)
    {
        if (isReal)
        {
            fleet.Model.Add(WorkScript.Of(tag, shape));
        }

        return new
        {
            title = $"Chaos {tag}",
            description = $"Please play [[{tag}]].",
            repository_url = fleet.Repository.Folder,
            branch_name = "main",
            runtime = isReal ? "claude-code" : "rehearsal",
            max_attempts = 20,
            payload = isReal ? null : new { playbook = Work.Playbook(tag, shape, Runs) },
        };
    }
}

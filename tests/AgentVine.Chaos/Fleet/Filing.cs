using System.Collections.Concurrent;
using AgentVine.ScriptedModel;

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
        var body = Body(tag, shape, isReal, padding: "");
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

    /// <summary>Tries once; null when the server did not say that it has it.</summary>
    public async Task<Work?> TryFileAsync(string padding)
    {
        var tag = $"c{seed}-{Interlocked.Increment(ref _number)}";
        return await fleet.Api.TryAsync(HttpMethod.Post, "/api/v1/tasks", Body(tag, WorkShape.Plain, isReal: false, padding), CancellationToken.None) is { Status: 201 } created
            ? Keep(created, tag, WorkShape.Plain, isReal: false)
            : null;
    }

    private Work Keep(ApiAnswer created, string tag, WorkShape shape, bool isReal)
    {
        var work = new Work(created.Body.Text("id")!, tag, shape, isReal, Work.FilesOf(tag, shape, Runs || isReal));
        _works.Enqueue(work);
        return work;
    }

    private object Body(string tag, WorkShape shape, bool isReal, string padding)
    {
        if (isReal)
        {
            fleet.Model.Add(Script(tag, shape));
        }

        return new
        {
            title = $"Chaos {tag}",
            description = $"Please play [[{tag}]]. {padding}",
            repository_url = fleet.Repository.Folder,
            branch_name = "main",
            runtime = isReal ? "claude-code" : "rehearsal",
            max_attempts = 20,
            payload = isReal ? null : new { playbook = Work.Playbook(tag, shape, Runs) },
        };
    }

    private static ModelScript Script(string tag, WorkShape shape)
    {
        var script = ModelScript.Named(tag).Then(Bash($"mkdir -p {tag} && printf 'one of {tag}\\n' > {tag}/one.txt"));
        script = shape switch
        {
            WorkShape.Asks or WorkShape.WantsPermission => script.Then(Reply.Tool("AskUserQuestion", new
            {
                questions = new[]
                {
                    new
                    {
                        question = $"Which word for {tag}?",
                        header = "Word",
                        multiSelect = false,
                        options = new[] { new { label = "red", description = "One word" }, new { label = "blue", description = "Another word" } },
                    },
                },
            })),
            WorkShape.Commits => script.Then(Bash(
                $"printf 'committed of {tag}\\n' > {tag}/committed.txt && git add -A && git commit -q -m 'Commit of {tag}'; python3 -c 'import time; time.sleep(3)'")),
            WorkShape.Runs => script.Then(Bash("python3 -c 'import time; time.sleep(3)'")),
            _ => script,
        };
        return script
            .Then(Bash($"printf 'two of {tag}\\n' > {tag}/two.txt"))
            .ThenAlways(Reply.Finish($"done {tag}"));
    }

    private static ModelMessage Bash(string command) => Reply.Tool("Bash", new { command, description = "Work of the suite" });
}

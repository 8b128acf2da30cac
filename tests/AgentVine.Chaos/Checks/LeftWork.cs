using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos.Checks;

/// <summary>
/// Work in progress can be reached: what the log calls a checkpoint is in the server's repository, and so is what killed workers had left
/// in their agents' clones, once they have started again.
/// </summary>
internal sealed class LeftWork(ChaosFleet fleet, Findings findings)
{
    private const string Rule = "work in progress reachable";
    private readonly List<Left> _left = [];

    /// <summary>Looks into the clones of a worker that was killed, before it is started again.</summary>
    public async Task NoteAsync(WorkerPlace worker, IReadOnlyList<string> executions)
    {
        var start = await fleet.Repository.GitAsync("rev-parse", "main");
        foreach (var execution in executions)
        {
            if (worker.CloneOf(execution) is not { } clone || !Directory.Exists(clone) || await Git.TryAsync(clone, "rev-parse", "--verify", "HEAD") is not { } head)
            {
                continue;
            }

            var status = await Git.TryAsync(clone, "status", "--porcelain", "--untracked-files=all") ?? "";
            var files = status.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line[3..])
                .Where(file => File.Exists(Path.Join(clone, file)))
                .ToDictionary(file => file, file => File.ReadAllText(Path.Join(clone, file)));
            if (head != start || files.Count > 0)
            {
                _left.Add(new Left(execution, head == start ? null : head, files));
            }
        }
    }

    public async Task CheckAsync(IReadOnlyList<Fact> log)
    {
        foreach (var stored in log.Where(fact => fact.Type == "execution.checkpoint_stored"))
        {
            await IsReachableAsync(stored.Task!, stored["commit"]!, $"checkpoint {stored["n"]} of execution {stored.Execution}");
        }

        foreach (var left in _left)
        {
            var task = log.First(fact => fact.Execution == left.Execution && fact.Task is not null).Task!;
            if (left.Head is not null)
            {
                await IsReachableAsync(task, left.Head, $"what execution {left.Execution} had committed when its worker was killed");
            }

            await AreKeptAsync(task, left);
        }
    }

    private async Task IsReachableAsync(string task, string commit, string what)
    {
        var repository = fleet.ServersRepository;
        if (string.IsNullOrWhiteSpace(await Git.TryAsync(repository, "for-each-ref", "--contains", commit)))
        {
            findings.Add(Rule, $"{what}, {commit}, is behind no ref of the server's repository", await EvidenceAsync(task, repository));
        }
    }

    private async Task AreKeptAsync(string task, Left left)
    {
        var repository = fleet.ServersRepository;
        var refs = await Git.TryAsync(repository, "for-each-ref", "--format=%(objectname)", $"refs/vine/wip/{task}", $"refs/vine/attempts/{task}") ?? "";
        var checkpoints = (await fleet.Api.GetAsync($"/api/v1/executions/{left.Execution}/checkpoints", CancellationToken.None)).Body
            .EnumerateArray().Select(checkpoint => checkpoint.Text("commit")!);
        var commits = refs.Split('\n', StringSplitOptions.RemoveEmptyEntries).Concat(checkpoints).Distinct().ToList();
        foreach (var (file, content) in left.Files)
        {
            var isKept = false;
            foreach (var commit in commits)
            {
                isKept |= await Git.TryAsync(repository, "show", $"{commit}:{file}") == content.TrimEnd('\n');
            }

            if (!isKept)
            {
                findings.Add(Rule, $"{file} of execution {left.Execution}, as its killed worker left it, is in no checkpoint at the server", await EvidenceAsync(task, repository));
            }
        }
    }

    private async Task<string> EvidenceAsync(string task, string repository) =>
        $"{Evidence.Of(fleet, task)}\n{await Git.TryAsync(repository, ["for-each-ref", "--format=%(objectname) %(refname)", .. Evidence.RefsOf(task)])}";

    private sealed record Left(string Execution, string? Head, IReadOnlyDictionary<string, string> Files);
}

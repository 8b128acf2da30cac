using System.Text.Json;
using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos.Checks;

/// <summary>Every task that was acknowledged is there and done, and its branch adds exactly its files: read with git.</summary>
internal sealed class WorkCheck(ChaosFleet fleet, Findings findings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    private readonly HashSet<string> _checked = [];

    /// <summary>Waits until all tasks have come to an end and nothing runs.</summary>
    public async Task QuietAsync(IReadOnlyList<Work> works)
    {
        var open = works.Where(work => !_checked.Contains(work.Id)).ToList();
        try
        {
            await ChaosFleet.UntilAsync(
                async () =>
                {
                    open = [.. await StillOpenAsync(open)];
                    return open.Count == 0 && fleet.AgentProcesses().Count == 0;
                },
                "all tasks have come to an end and no agent runs",
                Patience);
        }
        catch (TimeoutException)
        {
            foreach (var (pid, execution) in fleet.AgentProcesses())
            {
                findings.Add("no process left", $"a process of execution {execution} is left: {Processes.Describe(pid)}", "");
                Processes.Kill(pid);
            }

            foreach (var work in open)
            {
                findings.Add("no task lost", $"task {work.Id} ({work.Tag}) came to no end within {Patience.TotalSeconds:0} s", Evidence.Of(fleet, work.Id));
                await fleet.Api.TryAsync(HttpMethod.Post, $"/api/v1/tasks/{work.Id}/cancel", new { }, CancellationToken.None);
                _checked.Add(work.Id);
            }
        }

        foreach (var work in works.Where(work => _checked.Add(work.Id)))
        {
            await CheckAsync(work);
        }
    }

    private async Task<IEnumerable<Work>> StillOpenAsync(IReadOnlyList<Work> works)
    {
        var open = new List<Work>();
        foreach (var work in works)
        {
            var answer = await fleet.Api.TryAsync(HttpMethod.Get, $"/api/v1/tasks/{work.Id}", null, CancellationToken.None);
            if (answer is { Status: 404 } || answer is { Status: 200 } && answer.Body.Text("status") is "completed" or "failed" or "cancelled")
            {
                continue;
            }

            open.Add(work);
        }

        return open;
    }

    private async Task CheckAsync(Work work)
    {
        var answer = await fleet.Api.TryAsync(HttpMethod.Get, $"/api/v1/tasks/{work.Id}", null, CancellationToken.None);
        if (answer is not { Status: 200 })
        {
            findings.Add("no task lost", $"task {work.Id} ({work.Tag}) was acknowledged, and GET answers {answer?.Status}", Evidence.Of(fleet, work.Id));
            return;
        }

        var task = answer.Body;
        if (task.Text("status") != "completed")
        {
            findings.Add("no task lost", $"task {work.Id} ({work.Tag}) ended {task.Text("status")}: {task.Text("error")}", Evidence.Of(fleet, work.Id));
            return;
        }

        await CompareAsync(work, task);
    }

    private async Task CompareAsync(Work work, JsonElement task)
    {
        var repository = fleet.ServersRepository;
        var branch = task.Text("work_branch");
        if (branch is null)
        {
            findings.Add("the branch has the work", $"task {work.Id} ({work.Tag}) is completed without a branch", Evidence.Of(fleet, work.Id));
            return;
        }

        var start = await fleet.Repository.GitAsync("rev-parse", "main");
        var changed = await Git.TryAsync(repository, "diff", "--name-status", "--no-renames", start, branch);
        var expected = string.Join('\n', work.Files.Keys.Order(StringComparer.Ordinal).Select(file => $"A\t{file}"));
        if (changed != expected)
        {
            findings.Add("the branch has the work", $"branch {branch} ({work.Tag}) changes\n{changed}\nin place of\n{expected}", await EvidenceAsync(work, repository));
            return;
        }

        foreach (var (file, content) in work.Files)
        {
            if (await Git.TryAsync(repository, "show", $"{branch}:{file}") is var found && found != content.TrimEnd('\n'))
            {
                findings.Add("the branch has the work", $"{file} of branch {branch} is '{found}', not '{content}'", await EvidenceAsync(work, repository));
            }
        }
    }

    private async Task<string> EvidenceAsync(Work work, string repository) =>
        $"{Evidence.Of(fleet, work.Id)}\n{await Git.TryAsync(repository, ["for-each-ref", .. Evidence.RefsOf(work.Id)])}\n{await Git.TryAsync(repository, "log", "--oneline", "--graph", $"vine/{work.Id}")}";
}

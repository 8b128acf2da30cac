using AgentVine.Git.Names;

namespace AgentVine.Git.Clones;

/// <summary>
/// Takes snapshots of one agent's clone, also while the agent works in it: its index, its HEAD and its branches are not touched, and its
/// locks, an open merge or rebase and files that come and go do no harm. One at a time.
/// </summary>
public sealed class SnapshotTaker(IGitSteps steps)
{
    private const int Tries = 6;
    private const int MostTips = 1000;
    private string _index = NewIndex();

    /// <summary>
    /// Takes one. Ignored files are left out, and of a repository inside the clone all but the commit it is at: one that the agent made, or
    /// moved, makes the snapshot less than whole.
    /// </summary>
    /// <exception cref="GitStepException">Git failed in the clone, or printed what cannot be.</exception>
    public async Task<Snapshot> TakeAsync(SnapshotRequest request, CancellationToken cancellationToken)
    {
        var (tree, isWhole) = await TreeAsync(request, cancellationToken);
        isWhole = isWhole && !await HasNewRepositoriesAsync(request, tree, cancellationToken);
        var head = await HeadAsync(request, cancellationToken);
        var tips = await TipsAsync(request, cancellationToken);
        if (request.Previous is { } previous && (previous.Tree, previous.HeadCommit) == (tree, head) && tips.Count == 0)
        {
            return previous with { IsWhole = isWhole };
        }

        IEnumerable<string> parents = request.Previous is { Commit: var before } ? [before, .. tips, head] : [.. tips, head];
        var commit = Id(await steps.RunAsync(SnapshotCommands.Commit(request, tree, parents.Distinct()), cancellationToken));
        await steps.RunAsync(SnapshotCommands.Keep(request.Folder, request.Reference, commit), cancellationToken);
        return new Snapshot(commit, tree, head, isWhole);
    }

    // A file that vanishes between being listed and being looked at ends git; the second way forgives that, the first one files that cannot be read.
    private async Task<(string Tree, bool IsWhole)> TreeAsync(SnapshotRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await steps.RunAsync(SnapshotCommands.StartFromHead(request, _index), cancellationToken);
                var isWhole = await (attempt % 2 == 1 ? AddAsync(request, cancellationToken) : AddListedAsync(request, cancellationToken));
                return (Id(await steps.RunAsync(SnapshotCommands.WriteTree(request, _index), cancellationToken)), isWhole);
            }
            catch (GitStepException) when (attempt < Tries)
            {
                // The lock of a git that was killed stays: the next try has an index of its own.
                _index = NewIndex();
            }
        }
    }

    private async Task<bool> AddAsync(SnapshotRequest request, CancellationToken cancellationToken) =>
        (await steps.RunAsync(SnapshotCommands.AddAll(request, _index), cancellationToken)).ExitCode == 0;

    private async Task<bool> AddListedAsync(SnapshotRequest request, CancellationToken cancellationToken)
    {
        var listed = await steps.RunAsync(SnapshotCommands.ListFiles(request, _index), cancellationToken);
        var paths = listed.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var files = paths.Where(path => !path.EndsWith('/')).ToList();
        await steps.RunAsync(SnapshotCommands.AddFiles(request, _index, files), cancellationToken);
        return files.Count == paths.Length;
    }

    // Of a repository that the agent made inside the clone, the snapshot has the name of a commit and nothing more.
    private async Task<bool> HasNewRepositoriesAsync(SnapshotRequest request, string tree, CancellationToken cancellationToken)
    {
        var changes = await steps.RunAsync(SnapshotCommands.Changes(request, tree), cancellationToken);
        return changes.Text.Split('\0').Any(change => change.StartsWith(':') && change.Split(' ')[1] == "160000");
    }

    private async Task<string> HeadAsync(SnapshotRequest request, CancellationToken cancellationToken)
    {
        var head = await steps.RunAsync(SnapshotCommands.Head(request), cancellationToken);
        return head.ExitCode == 0 ? Id(head) : request.BaseCommit;
    }

    /// <summary>Commits of the agent that neither HEAD nor the snapshot before lead to, and none of the others.</summary>
    private async Task<IReadOnlyList<string>> TipsAsync(SnapshotRequest request, CancellationToken cancellationToken)
    {
        var stashes = await steps.RunAsync(SnapshotCommands.Stashes(request), cancellationToken);
        var listed = await steps.RunAsync(SnapshotCommands.ListNew(request, Words(stashes)), cancellationToken);
        var lines = listed.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToList();
        var parents = lines.SelectMany(line => line.Skip(1)).ToHashSet(StringComparer.Ordinal);
        var tips = lines.Select(line => line[0]).Where(commit => !parents.Contains(commit)).ToList();
        return tips.Count <= MostTips && tips.All(CommitId.IsValid)
            ? tips
            : throw new GitStepException($"The agent's clone has {tips.Count} branches and stashes that were not kept before; {MostTips} are taken at most.");
    }

    private static IEnumerable<string> Words(GitStepOutput output) => output.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string Id(GitStepOutput output)
    {
        try
        {
            return CommitId.Parse(output.Text);
        }
        catch (FormatException fault)
        {
            throw new GitStepException($"Git in the agent's clone did not print an object's id: {fault.Message}");
        }
    }

    private static string NewIndex() => $"vine-snapshot-{Guid.NewGuid():N}";
}

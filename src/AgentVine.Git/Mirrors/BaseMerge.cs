using AgentVine.Git.Clones;
using AgentVine.Git.Names;

namespace AgentVine.Git.Mirrors;

/// <summary>
/// Merges branches into a commit that work starts from, in the mirror's own objects and without a working tree. No ref names the commit
/// there: a mirror loses no object.
/// </summary>
internal sealed class BaseMerge(GitRunner git, string repository)
{
    private const int Conflicted = 1;
    private const int Usage = 129;

    private static readonly KeyValuePair<string, string>[] Durable = [new("core.fsync", "all")];

    public async Task<BaseMergeOutcome> RunAsync(string target, IReadOnlyList<BranchToMerge> branches, CancellationToken cancellationToken)
    {
        var current = target;
        var merged = new List<BranchToMerge>();
        foreach (var branch in branches)
        {
            if (await LeadsToAsync(current, branch.Commit, cancellationToken))
            {
                continue;
            }

            if (await LeadsToAsync(branch.Commit, current, cancellationToken))
            {
                current = branch.Commit;
            }
            else
            {
                var (tree, conflicts, files) = await TreeAsync(current, branch.Commit, cancellationToken);
                if (conflicts)
                {
                    return await ExplainAsync(target, merged, branch, files, cancellationToken);
                }

                current = await CommitAsync(tree, current, branch, cancellationToken);
            }

            merged.Add(branch);
        }

        return new BaseMergeOutcome.Merged(current, merged);
    }

    // Which two it is: with several in, the files alone do not say.
    private async Task<BaseMergeOutcome> ExplainAsync(
        string target, List<BranchToMerge> merged, BranchToMerge branch, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        foreach (var earlier in merged)
        {
            var (_, conflicts, between) = await TreeAsync(earlier.Commit, branch.Commit, cancellationToken);
            if (conflicts)
            {
                return new BaseMergeOutcome.Conflict(branch, earlier, WithTarget: false, between);
            }
        }

        var (_, withTarget, itsFiles) = await TreeAsync(target, branch.Commit, cancellationToken);
        return new BaseMergeOutcome.Conflict(branch, null, withTarget, withTarget ? itsFiles : files);
    }

    private async Task<bool> LeadsToAsync(string commit, string ancestor, CancellationToken cancellationToken) =>
        (await git.RunAsync(Command([0, 1], "merge-base", "--is-ancestor", ancestor, commit), cancellationToken)).ExitCode == 0;

    // Not each conflict is one of files: git may not know which folder a new file belongs to.
    private async Task<(string Tree, bool Conflicts, IReadOnlyList<string> Files)> TreeAsync(string ours, string theirs, CancellationToken cancellationToken)
    {
        var output = await git.RunAsync(
            Command([0, Conflicted, Usage], "merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", "--allow-unrelated-histories", ours, theirs),
            cancellationToken);
        if (output.ExitCode == Usage)
        {
            throw new GitException(
                GitFailureKind.Other,
                "The work of several tasks can be merged into one base by git 2.38 or later alone, and this machine's is older: update git on the worker's machine, or merge the dependencies into the target branch first.");
        }

        var parts = output.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var conflicts = output.ExitCode == Conflicted;
        return (CommitId.Parse(parts[0]), conflicts, conflicts ? [.. parts[1..].Distinct().Select(GitText.Quote)] : []);
    }

    private async Task<string> CommitAsync(string tree, string current, BranchToMerge branch, CancellationToken cancellationToken)
    {
        var identity = GitIdentity.Agent;
        var command = Command([0], "commit-tree", tree, "-p", current, "-p", branch.Commit, "-m", $"Merge the work of: {GitText.Quote(branch.Name)}");
        var output = await git.RunAsync(
            command with
            {
                Environment = new Dictionary<string, string>
                {
                    ["GIT_AUTHOR_NAME"] = identity.Name,
                    ["GIT_AUTHOR_EMAIL"] = identity.Email,
                    ["GIT_COMMITTER_NAME"] = identity.Name,
                    ["GIT_COMMITTER_EMAIL"] = identity.Email,
                },
            },
            cancellationToken);
        return CommitId.Parse(output.Text.Trim());
    }

    private GitCommand Command(int[] exitCodes, params string[] arguments) => new()
    {
        Arguments = arguments,
        Repository = repository,
        Configuration = Durable,
        ExitCodes = exitCodes,
        Timeout = git.Options.TransferTimeout,
    };
}

using AgentVine.Git.Names;

namespace AgentVine.Git.Mirrors;

/// <summary>What one fetch found.</summary>
internal sealed record MirrorState(IReadOnlyList<GitRef> Refs, string? DefaultBranch)
{
    private const int BranchesNamed = 10;

    public MirrorTip Tip(RepositoryUrl url, string? branch)
    {
        var branches = Refs.Where(reference => reference.Name.StartsWith(GitRef.Heads, StringComparison.Ordinal)).ToList();
        if (branches.Count == 0)
        {
            throw new GitException(
                GitFailureKind.EmptyRepository,
                $"The repository '{url}' has no commit yet: push a first one, then retry the task.");
        }

        var name = branch ?? DefaultBranch ?? (branches.Count == 1 ? branches[0].Name[GitRef.Heads.Length..] : null)
            ?? throw new GitException(
                GitFailureKind.BranchNotFound,
                $"The HEAD of '{url}' names no branch: give the task a branch_name. It has {Listed(branches)}.");
        var found = branches.FirstOrDefault(reference => reference.Name == GitRef.Heads + name)
            ?? throw new GitException(
                GitFailureKind.BranchNotFound,
                $"The repository '{url}' has no branch '{name}': it has {Listed(branches)}.");
        return CommitId.IsValid(found.Object)
            ? new MirrorTip(name, found.Object, DefaultBranch, Refs)
            : throw new GitException(GitFailureKind.Other, $"The repository '{url}' has SHA-256 objects, which are not supported yet.");
    }

    private static string Listed(List<GitRef> branches)
    {
        var names = string.Join(", ", branches.Take(BranchesNamed).Select(branch => branch.Name[GitRef.Heads.Length..]));
        return branches.Count > BranchesNamed ? $"{names} and {branches.Count - BranchesNamed} more" : names;
    }
}

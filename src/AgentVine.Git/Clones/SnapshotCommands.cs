using AgentVine.Git.Names;

namespace AgentVine.Git.Clones;

/// <summary>The steps of a snapshot, and of bringing it out. What holds of <see cref="GitCommands"/> holds here.</summary>
public static class SnapshotCommands
{
    // What git keeps of a merge, a rebase or the like that is under way; names that are not there are passed over.
    private const string UnderWay =
        "refs/stash\nMERGE_HEAD\nMERGE_AUTOSTASH\nCHERRY_PICK_HEAD\nREVERT_HEAD\nREBASE_HEAD\nrebase-merge/autostash\nrebase-apply/autostash\n";

    private const int MostStashes = 500;

    /// <summary>
    /// Writes a bundle of a snapshot, less its base and less the snapshot before where the server has that, to standard output: for
    /// <c>Bundle.ReceiveAsync</c>.
    /// </summary>
    public static GitStep CreateBundle(string folder, string reference, string baseCommit, string? acknowledged)
    {
        string[] excluded = acknowledged is null ? [Excluding(baseCommit)] : [Excluding(baseCommit), Excluding(acknowledged)];
        return GitSteps.New(folder, ["bundle", "create", "--quiet", "-", reference, .. excluded], GitIdentity.Agent, 0);
    }

    /// <summary>Prints the id of a commit's tree.</summary>
    public static GitStep TreeOf(string folder, string commit) => GitSteps.New(
        folder, ["rev-parse", "--verify", "--quiet", CommitId.Require(commit, nameof(commit)) + "^{tree}"], GitIdentity.Agent, 0);

    /// <summary>Has a snapshot's ref in the clone lead to it: what the next bundle is of.</summary>
    public static GitStep Keep(string folder, string reference, string commit) => GitSteps.New(
        folder, ["update-ref", "--no-deref", reference, CommitId.Require(commit, nameof(commit))], GitIdentity.Agent, 0);

    // Tracked files that are ignored stay; what the index knows of unchanged ones saves reading them.
    internal static GitStep StartFromHead(SnapshotRequest request, string index) =>
        WithIndex(GitSteps.New(request.Folder, ["read-tree", "--reset", "HEAD"], GitIdentity.Agent, 0, 128), request, index);

    internal static GitStep AddAll(SnapshotRequest request, string index) =>
        WithIndex(GitSteps.New(request.Folder, ["add", "--all", "--ignore-errors", "--", "."], GitIdentity.Agent, 0, 1), request, index);

    internal static GitStep ListFiles(SnapshotRequest request, string index) => WithIndex(
        GitSteps.New(request.Folder, ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"], GitIdentity.Agent, 0), request, index);

    internal static GitStep AddFiles(SnapshotRequest request, string index, IEnumerable<string> paths) =>
        WithIndex(GitSteps.New(request.Folder, ["update-index", "--add", "--remove", "-z", "--stdin"], GitIdentity.Agent, 0), request, index) with
        {
            Input = string.Concat(paths.Select(path => path + "\0")),
        };

    internal static GitStep WriteTree(SnapshotRequest request, string index) =>
        WithIndex(GitSteps.New(request.Folder, ["write-tree"], GitIdentity.Agent, 0), request, index);

    /// <summary>Prints what the tree has that the base has not, each with its modes.</summary>
    internal static GitStep Changes(SnapshotRequest request, string tree) =>
        GitSteps.New(request.Folder, ["diff-tree", "-r", "-z", "--raw", "--no-renames", request.BaseCommit, tree], GitIdentity.Agent, 0);

    internal static GitStep Head(SnapshotRequest request) =>
        GitSteps.New(request.Folder, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], GitIdentity.Agent, 0, 1, 128);

    internal static GitStep Stashes(SnapshotRequest request) => GitSteps.New(
        request.Folder, ["rev-list", "--walk-reflogs", $"--max-count={MostStashes}", "refs/stash", "--"], GitIdentity.Agent, 0, 128);

    /// <summary>Prints every commit that is new, children before parents, each with its parents.</summary>
    internal static GitStep ListNew(SnapshotRequest request, IEnumerable<string> stashes)
    {
        var known = request.Known.Append(request.BaseCommit).Concat(request.Previous is { Commit: var before } ? [before] : []);
        string[] arguments =
        [
            "rev-list", "--ignore-missing", "--topo-order", "--parents",
            "--exclude=refs/remotes/*", "--exclude=" + WorkRefs.WorkInProgressPrefix + "*", "--all", "--stdin",
        ];
        return GitSteps.New(request.Folder, arguments, GitIdentity.Agent, 0) with
        {
            Input = UnderWay
                + string.Concat(stashes.Where(CommitId.IsValid).Select(commit => commit + "\n"))
                + "^HEAD\n"
                + string.Concat(known.Where(CommitId.IsValid).Select(commit => "^" + commit + "\n")),
        };
    }

    internal static GitStep Commit(SnapshotRequest request, string tree, IEnumerable<string> parents) => GitSteps.New(
        request.Folder, ["commit-tree", "-m", request.Message, .. parents.SelectMany(parent => new[] { "-p", parent }), tree], GitIdentity.Agent, 0);

    private static GitStep WithIndex(GitStep step, SnapshotRequest request, string index) => step with
    {
        Environment = new Dictionary<string, string>(step.Environment) { ["GIT_INDEX_FILE"] = Path.Join(request.Folder, ".git", index) },
    };

    private static string Excluding(string commit) => "^" + CommitId.Require(commit, nameof(commit));
}

using AgentVine.Git.Names;

namespace AgentVine.Git.Clones;

/// <summary>
/// What the worker has git do in a clone that an agent wrote to: inside the agent's sandbox, after the agent and all that it started have
/// ended. The clone's configuration is the agent's, so that nothing of what these print is to be believed: commit ids go through
/// <see cref="CommitId.Parse"/>, bundles through <c>Bundle.ReceiveAsync</c>.
/// </summary>
public static class GitCommands
{
    /// <summary>
    /// Commits everything that is not committed and not ignored, then brings <paramref name="workBranch"/> up to what is checked out where
    /// that is ahead of it (an agent may have left its branch). Steps in order; does nothing where nothing is left. A repository that
    /// the agent made inside the clone is kept as a link to its commit, as git does, and without its files.
    /// </summary>
    public static IReadOnlyList<GitStep> CommitAll(string folder, string workBranch, string message, GitIdentity identity)
    {
        identity.Require();
        ArgumentException.ThrowIfNullOrWhiteSpace(message);
        var head = WorkRefs.Head(BranchName.Require(workBranch, nameof(workBranch)));

        // Refused (1) where the work branch has commits of its own, impossible (128) from a branch without a commit: it stays as it is.
        string[] forward =
        [
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules", "--update-head-ok",
            "--", ".", "HEAD:" + head,
        ];
        return
        [
            GitSteps.New(folder, ["add", "--all", "--ignore-errors", "--", "."], identity, 0, 1),
            GitSteps.New(folder, ["commit", "--quiet", "--no-verify", "--cleanup=whitespace", "--message=" + message], identity, 0, 1),
            GitSteps.New(folder, forward, identity, 0, 1, 128),
        ];
    }

    /// <summary>Prints the commit of <paramref name="workBranch"/>: for <see cref="CommitId.Parse"/>.</summary>
    public static GitStep Head(string folder, string workBranch) =>
        GitSteps.New(folder, ["rev-parse", "--verify", "--quiet", Tip(workBranch) + "^{commit}"], GitIdentity.Agent, 0);

    /// <summary>
    /// Prints how many commits <paramref name="workBranch"/> has that <paramref name="baseCommit"/> has not. With 0 there is no bundle.
    /// </summary>
    public static GitStep CountCommits(string folder, string baseCommit, string workBranch) =>
        GitSteps.New(folder, ["rev-list", "--count", Tip(workBranch), Excluding(baseCommit), "--"], GitIdentity.Agent, 0);

    /// <summary>
    /// Writes a bundle of <paramref name="workBranch"/> without what <paramref name="baseCommit"/> leads to, to standard output and not to
    /// a file: there is no path then that an agent could have put a link or a pipe at. For <c>Bundle.ReceiveAsync</c>.
    /// </summary>
    public static GitStep CreateBundle(string folder, string baseCommit, string workBranch) =>
        GitSteps.New(folder, ["bundle", "create", "--quiet", "-", Tip(workBranch), Excluding(baseCommit)], GitIdentity.Agent, 0);

    private static string Tip(string workBranch) => WorkRefs.Head(BranchName.Require(workBranch, nameof(workBranch)));

    private static string Excluding(string baseCommit) => "^" + CommitId.Require(baseCommit, nameof(baseCommit));
}

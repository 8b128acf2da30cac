using AgentVine.Git.Bundles;
using AgentVine.Git.Names;
using Microsoft.Extensions.Logging;

namespace AgentVine.Git.Mirrors;

/// <summary>
/// A bare copy of a repository on this host, which its private clones borrow their objects from. Branches and tags follow the repository's,
/// deleted ones included; objects are never removed, so that what a clone was made from stays, whatever is force-pushed.
/// </summary>
public sealed class Mirror
{
    private readonly SharedRounds<MirrorState> _fetches;
    private readonly SharedRounds<MirrorState> _fetchesWithDefault;

    internal Mirror(RepositoryUrl url, string folder, FolderLock folderLock, GitRunner git, ILogger logger)
    {
        Url = url;
        Folder = folder;
        Git = git;
        var fetch = new MirrorFetch(url, folder, folderLock, git, logger);
        _fetches = new SharedRounds<MirrorState>(stop => fetch.RunAsync(withDefault: false, stop));
        _fetchesWithDefault = new SharedRounds<MirrorState>(stop => fetch.RunAsync(withDefault: true, stop));
    }

    /// <summary>The repository that it mirrors.</summary>
    public RepositoryUrl Url { get; }

    /// <summary>The bare repository. Nothing in it tells the repository's address.</summary>
    public string Folder { get; }

    /// <summary>The one folder that whoever works in a private clone has to be able to read, at this very path.</summary>
    public string ObjectsFolder => Path.Join(Folder, "objects");

    internal GitRunner Git { get; }

    /// <summary>
    /// Brings the mirror up to date and tells where <paramref name="branch"/>, or the default branch, stands. One fetch at a time, over all
    /// processes; callers who ask while one runs share the next, so that each gets a state from after it asked.
    /// </summary>
    /// <exception cref="GitException">The kind says why, the message what to do.</exception>
    public async Task<MirrorTip> FetchAsync(string? branch, CancellationToken cancellationToken)
    {
        if (branch is not null && !BranchName.TryValidate(branch, out var problem))
        {
            throw new GitException(GitFailureKind.BranchNotFound, problem);
        }

        var state = await (branch is null ? _fetchesWithDefault : _fetches).JoinAsync(cancellationToken);
        return state.Tip(Url, branch);
    }

    /// <summary>The objects that its branches and tags name: what they lead to needs no keeping in a snapshot.</summary>
    public async Task<IReadOnlyList<string>> ListObjectsAsync(CancellationToken cancellationToken)
    {
        var output = await Git.RunAsync(
            new GitCommand { Arguments = ["for-each-ref", "--format=%(objectname)"], Repository = Folder }, cancellationToken);
        return output.Lines;
    }

    /// <summary>
    /// Checks a bundle that came out of a sandbox: every object is well-formed, and all that it leads to is in it or here. Nothing of it stays.
    /// </summary>
    /// <exception cref="BundleException">It is not acceptable; the fault says in what way.</exception>
    public async Task VerifyAsync(Bundle bundle, CancellationToken cancellationToken)
    {
        using var quarantine = new Quarantine(Path.GetDirectoryName(bundle.Path)!, ObjectsFolder);
        await quarantine.AdmitAsync(bundle, Git, cancellationToken);
    }

    /// <summary>Whether it has the commit, whether or not a ref leads there.</summary>
    public async Task<bool> HasAsync(string commit, CancellationToken cancellationToken) =>
        (await ObjectTypes.CommitsAsync(Git, Folder, [commit], cancellationToken)).Count == 1;

    /// <summary>Takes the objects of a bundle in for good, checked as <see cref="VerifyAsync"/> does; no ref is moved.</summary>
    /// <exception cref="BundleException">It is not acceptable, or builds on what is not here.</exception>
    public async Task TakeInAsync(Bundle bundle, CancellationToken cancellationToken)
    {
        using var quarantine = new Quarantine(Folder, ObjectsFolder);
        await quarantine.AdmitAsync(bundle, Git, cancellationToken);
        quarantine.MoveInto(ObjectsFolder);
    }

    /// <summary>Makes a commit that has <paramref name="target"/> and all of <paramref name="branches"/>, whose commits must be here, in their order.</summary>
    /// <exception cref="GitException">It could not be done; a conflict is an outcome.</exception>
    public Task<BaseMergeOutcome> MergeAsync(string target, IReadOnlyList<BranchToMerge> branches, CancellationToken cancellationToken) =>
        new BaseMerge(Git, Folder).RunAsync(target, branches, cancellationToken);

    /// <summary>
    /// Writes a bundle of <paramref name="commit"/> with its history, less what <paramref name="have"/> leads to, whose ref is
    /// <see cref="WorkRefs.Base"/>: what a server wants that has not got a work branch's prerequisites. Commits that are not here are
    /// left out of <paramref name="have"/>.
    /// </summary>
    public async Task<Bundle> CreateBaseBundleAsync(
        string commit,
        IReadOnlyList<string> have,
        string path,
        CancellationToken cancellationToken)
    {
        var name = WorkRefs.Base(commit);
        var known = await ObjectTypes.CommitsAsync(Git, Folder, have, cancellationToken);
        using var view = new Quarantine(Path.GetDirectoryName(Path.GetFullPath(path))!, ObjectsFolder);
        BareFolder.WriteRef(view.Folder, name, commit);
        await BundleWriter.WriteAsync(Git, view.Folder, name, known, path, cancellationToken);
        return await Bundle.OpenAsync(path, name, long.MaxValue, cancellationToken);
    }
}

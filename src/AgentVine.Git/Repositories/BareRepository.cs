using AgentVine.Contracts.Tasks;
using AgentVine.Git.Bundles;
using AgentVine.Git.Names;
using Microsoft.Extensions.Logging;

namespace AgentVine.Git.Repositories;

/// <summary>
/// What attempts handed back for one repository: fed by bundles, read for diffs, fetched from by people with their own git. Nothing in it is
/// ever collected. Safe for any number of callers at once.
/// </summary>
public sealed class BareRepository
{
    private readonly GitRunner _git;
    private readonly RefTransaction _refs;
    private readonly PackUpkeep _upkeep;

    internal BareRepository(string folder, GitRunner git, ILogger logger)
    {
        Folder = folder;
        _git = git;
        _refs = new RefTransaction(git, folder);
        _upkeep = new PackUpkeep(git, folder, logger);
    }

    /// <summary>The bare repository; <c>git fetch &lt;folder&gt; vine/&lt;task&gt;</c> brings a task's branch.</summary>
    public string Folder { get; }

    /// <summary>
    /// Takes in a bundle whose ref is at <paramref name="expectedCommit"/>, then moves <paramref name="updates"/> there, all or none.
    /// </summary>
    public async Task<StoreOutcome> StoreAsync(
        Bundle bundle,
        string expectedCommit,
        IReadOnlyList<RefUpdate> updates,
        CancellationToken cancellationToken)
    {
        if (bundle.Commit != expectedCommit)
        {
            return new StoreOutcome.Refused(
                $"The bundle's ref '{bundle.Reference}' is at {bundle.Commit}, and not at {GitText.Quote(expectedCommit)} as announced.");
        }

        BareFolder.CreateIfMissing(Folder);
        try
        {
            using var quarantine = new Quarantine(Folder, Path.Join(Folder, "objects"));
            await quarantine.AdmitAsync(bundle, _git, cancellationToken);
            if (await _refs.BrokenRuleAsync(quarantine.Folder, updates, bundle.Commit, cancellationToken) is { } broken)
            {
                return broken;
            }

            quarantine.MoveInto(Path.Join(Folder, "objects"));
        }
        catch (BundleException refusal) when (refusal.Fault == BundleFault.MissingPrerequisites)
        {
            return new StoreOutcome.MissingPrerequisites(refusal.Missing, await BasesAsync(cancellationToken));
        }
        catch (BundleException refusal)
        {
            return new StoreOutcome.Refused(refusal.Message);
        }

        var outcome = await _refs.MoveAsync(updates, bundle.Commit, cancellationToken);
        await _upkeep.TakeTurnAsync(cancellationToken);
        return outcome;
    }

    /// <summary>
    /// Stores what an attempt handed back: under its own ref, which only goes forward, and as the task's branch, which it takes over
    /// from earlier attempts. <see cref="Bundle.Reference"/> is the head of <see cref="WorkRefs.Branch"/>.
    /// </summary>
    public Task<StoreOutcome> StoreBranchAsync(
        Bundle bundle,
        Guid taskId,
        int attempt,
        string expectedCommit,
        CancellationToken cancellationToken) => StoreAsync(
            bundle,
            expectedCommit,
            [
                new RefUpdate(WorkRefs.Attempt(taskId, attempt), RefRule.FastForward),
                new RefUpdate(WorkRefs.Head(WorkRefs.Branch(taskId)), RefRule.Replace),
            ],
            cancellationToken);

    /// <summary>Stores a bundle of <c>Mirror.CreateBaseBundleAsync</c>: commits that work builds on.</summary>
    public Task<StoreOutcome> StoreBaseAsync(Bundle bundle, CancellationToken cancellationToken) => StoreAsync(
        bundle,
        bundle.Commit,
        [new RefUpdate(WorkRefs.Base(bundle.Commit), RefRule.Replace)],
        cancellationToken);

    /// <summary>The commit of a ref; null if it is not there.</summary>
    public async Task<string?> ResolveAsync(string reference, CancellationToken cancellationToken) =>
        BareFolder.Exists(Folder) ? (await _refs.ReadAsync([reference], cancellationToken)).GetValueOrDefault(reference) : null;

    /// <summary>Writes a bundle of one ref to <paramref name="path"/>, less what the commits of <paramref name="have"/> lead to.</summary>
    /// <exception cref="GitException">There is no such ref, or nothing but what is to be left out.</exception>
    public async Task<Bundle> CreateBundleAsync(
        string reference,
        IReadOnlyList<string> have,
        string path,
        CancellationToken cancellationToken)
    {
        if (await ResolveAsync(reference, cancellationToken) is null)
        {
            throw new GitException(GitFailureKind.BranchNotFound, $"The server has no ref '{GitText.Quote(reference)}'.");
        }

        var known = await ObjectTypes.CommitsAsync(_git, Folder, have, cancellationToken);
        await BundleWriter.WriteAsync(_git, Folder, reference, known, path, cancellationToken);
        return await Bundle.OpenAsync(path, reference, long.MaxValue, cancellationToken);
    }

    /// <summary>
    /// Writes a bundle to <paramref name="path"/> in which <paramref name="reference"/> is at <paramref name="commit"/>, wherever the ref is by now,
    /// less what the commits of <paramref name="have"/> lead to.
    /// </summary>
    /// <exception cref="GitException">There is no such commit, or nothing but what is to be left out.</exception>
    public async Task<Bundle> CreateBundleAsync(
        string reference, string commit, IReadOnlyList<string> have, string path, CancellationToken cancellationToken)
    {
        var view = path + ".git";
        try
        {
            BareFolder.Create(view, Path.Join(Folder, "objects"));
            BareFolder.WriteRef(view, reference, commit);
            var known = await ObjectTypes.CommitsAsync(_git, Folder, have, cancellationToken);
            await BundleWriter.WriteAsync(_git, view, reference, known, path, cancellationToken);
            return await Bundle.OpenAsync(path, reference, long.MaxValue, cancellationToken);
        }
        finally
        {
            FolderRemoval.Remove(view);
        }
    }

    /// <summary>Moves <paramref name="updates"/> to a commit that is here already, all or none; null when it is not here.</summary>
    public async Task<StoreOutcome?> MoveAsync(IReadOnlyList<RefUpdate> updates, string commit, CancellationToken cancellationToken) =>
        BareFolder.Exists(Folder) && (await ObjectTypes.CommitsAsync(_git, Folder, [commit], cancellationToken)).Count == 1
            ? await _refs.MoveAsync(updates, commit, cancellationToken)
            : null;

    /// <summary>How much changed between two commits.</summary>
    /// <exception cref="GitException">One of them is not here.</exception>
    public Task<DiffStat> DiffStatAsync(string baseCommit, string commit, CancellationToken cancellationToken) =>
        new DiffReader(_git, Folder).StatAsync(baseCommit, commit, cancellationToken);

    /// <summary>
    /// Writes the unified diff of two commits to <paramref name="destination"/>: renames found, binary files only named, odd file names
    /// quoted as git does. Contents are bytes as they are, mostly UTF-8. Past <paramref name="maxBytes"/> it is cut after a whole line, and
    /// a last line beginning with <c>\</c> says so. Returns whether it is whole.
    /// </summary>
    /// <exception cref="GitException">One of them is not here; nothing was written then.</exception>
    public Task<bool> DiffAsync(string baseCommit, string commit, Stream destination, long maxBytes, CancellationToken cancellationToken) =>
        new DiffReader(_git, Folder).WriteAsync(baseCommit, commit, destination, maxBytes, cancellationToken);

    private async Task<IReadOnlyList<string>> BasesAsync(CancellationToken cancellationToken)
    {
        const int MostBases = 16;
        var output = await _git.RunAsync(
            new GitCommand
            {
                Arguments = ["for-each-ref", "--sort=-committerdate", $"--count={MostBases}", "--format=%(objectname)", WorkRefs.BasePrefix],
                Repository = Folder,
            },
            cancellationToken);
        return output.Lines;
    }
}

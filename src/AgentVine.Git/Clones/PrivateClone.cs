using System.Text;
using AgentVine.Git.Bundles;
using AgentVine.Git.Mirrors;
using AgentVine.Git.Names;

namespace AgentVine.Git.Clones;

/// <summary>
/// A task's own clone: borrows the mirror's objects, has the repository's branches as <c>origin/…</c> and its tags, and no remote. Once an
/// agent had it, no git may run in it but inside the agent's sandbox: see <see cref="GitCommands"/>.
/// </summary>
public sealed class PrivateClone
{
    private const string Origin = "refs/remotes/origin/";

    private PrivateClone(PrivateCloneRequest request, Mirror mirror, string baseCommit, string startCommit)
    {
        Folder = request.Folder;
        WorkBranch = request.WorkBranch;
        ObjectsFolder = mirror.ObjectsFolder;
        BaseCommit = baseCommit;
        StartCommit = startCommit;
    }

    /// <summary>The working tree.</summary>
    public string Folder { get; }

    /// <summary>The branch that is checked out.</summary>
    public string WorkBranch { get; }

    /// <summary>The mirror's objects: must be readable, at this path, by whoever works in the clone.</summary>
    public string ObjectsFolder { get; }

    /// <summary>The commit of the target branch that the work builds on: what its diff is taken against, and its bundle's prerequisite.</summary>
    public string BaseCommit { get; }

    /// <summary>What is checked out: <see cref="BaseCommit"/>, or the HEAD of <see cref="PrivateCloneRequest.StartFrom"/>.</summary>
    public string StartCommit { get; }

    /// <summary>
    /// Makes a clone. Submodules and large files kept elsewhere (LFS) are not fetched. Leaves nothing behind if it fails.
    /// </summary>
    /// <exception cref="BundleException">
    /// <see cref="PrivateCloneRequest.StartFrom"/> is not acceptable, or builds on what the mirror lacks.
    /// </exception>
    /// <exception cref="GitException">The files could not be written.</exception>
    public static async Task<PrivateClone> CreateAsync(Mirror mirror, PrivateCloneRequest request, CancellationToken cancellationToken)
    {
        BranchName.Require(request.WorkBranch, nameof(request));
        request.Identity.Require();
        var isTaken = Directory.Exists(request.Folder) && Directory.EnumerateFileSystemEntries(request.Folder).Any();
        if (isTaken || !Path.IsPathFullyQualified(request.Folder))
        {
            throw new ArgumentException($"'{request.Folder}' has to be an absolute path to a folder that is missing or empty.", nameof(request));
        }

        try
        {
            return await BuildAsync(mirror, request, cancellationToken);
        }
        catch
        {
            Delete(request.Folder);
            throw;
        }
    }

    /// <summary>
    /// Deletes a clone, or what is left of one, whatever an agent made of it. Follows no link. Nothing of the agent may be running.
    /// </summary>
    public static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            FolderRemoval.Remove(folder);
        }
    }

    /// <summary>
    /// Removes the locks that a killed git of an agent left in a clone, which would stop <see cref="GitCommands.CommitAll"/>. Follows no link.
    /// Nothing of the agent may be running.
    /// </summary>
    public static void RemoveLocks(string folder) => StaleLocks.Remove(Path.Join(folder, ".git"));

    private static async Task<PrivateClone> BuildAsync(Mirror mirror, PrivateCloneRequest request, CancellationToken cancellationToken)
    {
        var target = request.Target.Commit;
        var repository = Path.Join(request.Folder, ".git");
        Directory.CreateDirectory(request.Folder);
        await mirror.Git.RunAsync(
            new GitCommand
            {
                Arguments = ["init", "--quiet", "--template=", "--initial-branch=" + request.WorkBranch, "--", request.Folder],
            },
            cancellationToken);
        await WriteAsync(repository, mirror, request, cancellationToken);
        var start = target;
        if (request.StartFrom is { } from)
        {
            await RestoreAsync(mirror.Git, request, from, cancellationToken);
            start = from.HeadCommit;
        }
        else
        {
            await CheckOutAsync(mirror.Git, request, ["--hard", target], cancellationToken);
        }

        var origin = start == target ? target : await ForkPointAsync(mirror.Git, repository, target, start, cancellationToken);
        return new PrivateClone(request, mirror, origin, start);
    }

    /// <summary>The snapshot's files, then its HEAD below them: what that one has not got is uncommitted or untracked again.</summary>
    private static async Task RestoreAsync(
        GitRunner git, PrivateCloneRequest request, PrivateCloneStart from, CancellationToken cancellationToken)
    {
        var repository = Path.Join(request.Folder, ".git");
        await PackImport.RunAsync(git, repository, from.Bundle, cancellationToken);
        var listed = await git.RunAsync(
            new GitCommand { Arguments = ["rev-list", "--parents", "--max-count=1", from.Bundle.Commit], Repository = repository }, cancellationToken);
        var parents = listed.Lines[0].Split(' ')[1..];
        if (parents.Length == 0 || parents[^1] != from.HeadCommit)
        {
            throw new BundleException(
                BundleFault.Damaged, $"The last parent of the snapshot {from.Bundle.Commit} is not {GitText.Quote(from.HeadCommit)} as announced.");
        }

        await CheckOutAsync(git, request, ["--hard", from.Bundle.Commit], cancellationToken);
        await CheckOutAsync(git, request, ["--mixed", from.HeadCommit], cancellationToken);
        BareFolder.WriteRef(repository, WorkRefs.Restored, from.Bundle.Commit);
    }

    private static Task CheckOutAsync(GitRunner git, PrivateCloneRequest request, string[] where, CancellationToken cancellationToken) => git.RunAsync(
        new GitCommand
        {
            Arguments = ["reset", "--quiet", .. where],
            Repository = Path.Join(request.Folder, ".git"),
            WorkTree = request.Folder,
            Configuration = [new("checkout.workers", "0")],
            Timeout = git.Options.TransferTimeout,
        },
        cancellationToken);

    /// <summary>What makes the fresh repository a clone: where to find objects, what the refs are, who commits.</summary>
    private static async Task WriteAsync(string repository, Mirror mirror, PrivateCloneRequest request, CancellationToken cancellationToken)
    {
        BareFolder.WriteAlternates(repository, mirror.ObjectsFolder);
        var refs = new StringBuilder();
        foreach (var reference in request.Target.Refs)
        {
            var isHead = reference.Name.StartsWith(GitRef.Heads, StringComparison.Ordinal);
            var name = isHead ? Origin + reference.Name[GitRef.Heads.Length..] : reference.Name;
            refs.Append(reference.Object).Append(' ').Append(name).Append('\n');
        }

        await File.WriteAllTextAsync(Path.Join(repository, "packed-refs"), refs.ToString(), cancellationToken);
        await File.AppendAllTextAsync(
            Path.Join(repository, "config"),
            $"[user]\n\tname = {Quoted(request.Identity.Name)}\n\temail = {Quoted(request.Identity.Email)}\n"
            + "[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[commit]\n\tgpgSign = false\n[advice]\n\tdetachedHead = false\n",
            cancellationToken);
    }

    private static async Task<string> ForkPointAsync(
        GitRunner git,
        string repository,
        string target,
        string start,
        CancellationToken cancellationToken)
    {
        var output = await git.RunAsync(
            new GitCommand { Arguments = ["merge-base", target, start], Repository = repository, ExitCodes = [0, 1] },
            cancellationToken);
        return output.Lines.Count > 0 ? CommitId.Parse(output.Lines[0]) : target;
    }

    private static string Quoted(string value) =>
        "\"" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}

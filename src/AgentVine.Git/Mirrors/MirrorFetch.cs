using AgentVine.Git.Names;
using Microsoft.Extensions.Logging;

namespace AgentVine.Git.Mirrors;

/// <summary>One round of bringing a mirror up to date, under its lock.</summary>
internal sealed class MirrorFetch(RepositoryUrl url, string folder, FolderLock folderLock, GitRunner git, ILogger logger)
{
    // Refs are pruned first, else a branch 'a' that is gone would be in the way of a new 'a/b'. Objects are not.
    private static readonly string[] Fetch =
    [
        "fetch", "--quiet", "--prune", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules", "--",
    ];

    private static readonly string[] Refspecs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];

    // What is fetched survives a crash of the machine: nobody would notice damage before an agent does.
    private static readonly KeyValuePair<string, string>[] Durable = [new("core.fsync", "all"), new("core.fsyncMethod", "batch")];

    private readonly PackUpkeep _upkeep = new(git, folder, logger);

    public async Task<MirrorState> RunAsync(bool withDefault, CancellationToken cancellationToken)
    {
        if (url.LocalPath is not null && !Directory.Exists(url.LocalPath))
        {
            throw RemoteFailures.NoFolder(url);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        using var held = await folderLock.AcquireAsync(cancellationToken);
        BareFolder.CreateIfMissing(folder);
        try
        {
            var defaultBranch = withDefault ? DefaultBranchAsync(cancellationToken) : Task.FromResult<string?>(null);
            var fetch = FetchAsync(cancellationToken);
            await Task.WhenAll(fetch, defaultBranch);
            var refs = await RefsAsync(cancellationToken);
            await _upkeep.TakeTurnAsync(cancellationToken);
            return new MirrorState(refs, await defaultBranch);
        }
        catch (GitException failure) when (failure.Verb is "fetch" or "ls-remote")
        {
            throw RemoteFailures.Describe(url, failure);
        }
    }

    private async Task FetchAsync(CancellationToken cancellationToken)
    {
        var command = RemoteAccess.Authenticate(
            new GitCommand
            {
                Arguments = [.. Fetch, url.Address, .. Refspecs],
                Repository = folder,
                Configuration = Durable,
                Timeout = git.Options.TransferTimeout,
            },
            url);
        GitOutput output;
        try
        {
            output = await git.RunAsync(command, cancellationToken);
        }
        catch (GitException failure) when (StaleLocks.Explain(failure) && StaleLocks.Remove(folder))
        {
            output = await git.RunAsync(command, cancellationToken);
        }

        if (output.Errors.Contains("shallow roots are not allowed", StringComparison.Ordinal))
        {
            throw RemoteFailures.Shallow(url);
        }
    }

    private async Task<string?> DefaultBranchAsync(CancellationToken cancellationToken)
    {
        const string Prefix = "ref: " + GitRef.Heads;
        var command = RemoteAccess.Authenticate(
            new GitCommand { Arguments = ["ls-remote", "--symref", "--", url.Address, "HEAD"], Repository = folder },
            url);
        var output = await git.RunAsync(command, cancellationToken);
        var line = output.Lines.FirstOrDefault(line => line.StartsWith(Prefix, StringComparison.Ordinal));
        return line?[Prefix.Length..].Split('\t')[0];
    }

    private async Task<IReadOnlyList<GitRef>> RefsAsync(CancellationToken cancellationToken) => GitRef.ParseList(await git.RunAsync(
        new GitCommand
        {
            Arguments = ["for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/tags"],
            Repository = folder,
        },
        cancellationToken));
}

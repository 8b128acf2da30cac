using System.Collections.Concurrent;
using AgentVine.Git.Names;
using Microsoft.Extensions.Logging;

namespace AgentVine.Git.Mirrors;

/// <summary>The mirrors of one worker host, below one folder. Several processes may share that folder.</summary>
public sealed class MirrorStore(string folder, GitRunner git, TimeProvider timeProvider, ILogger<Mirror> logger)
{
    private readonly ConcurrentDictionary<string, FolderLock> _locks = new();
    private readonly ConcurrentDictionary<string, Mirror> _mirrors = new();
    private readonly string _folder = Path.GetFullPath(folder);

    /// <summary>
    /// The mirror of <paramref name="url"/>. URLs that differ in credentials alone share the objects and the folder, but no fetch: each is
    /// let in, or not, by its own credentials.
    /// </summary>
    public Mirror For(RepositoryUrl url) => _mirrors.GetOrAdd(url.FetchUrl, _ => new Mirror(
        url,
        Path.Join(_folder, url.Key + ".git"),
        _locks.GetOrAdd(url.Key, key => new FolderLock(Path.Join(_folder, key + ".lock"), timeProvider)),
        git,
        logger));
}

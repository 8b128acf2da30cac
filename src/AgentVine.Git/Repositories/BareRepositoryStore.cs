using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AgentVine.Git.Repositories;

/// <summary>The server's repositories, below one folder.</summary>
public sealed class BareRepositoryStore(string folder, GitRunner git, ILogger<BareRepository> logger)
{
    private readonly ConcurrentDictionary<Guid, BareRepository> _repositories = new();
    private readonly string _folder = Path.GetFullPath(folder);

    /// <summary>The repository of that id, made when something is first stored in it.</summary>
    public BareRepository For(Guid repositoryId) =>
        _repositories.GetOrAdd(repositoryId, id => new BareRepository(Path.Join(_folder, $"{id:D}.git"), git, logger));
}

using AgentVine.Git;
using AgentVine.Git.Bundles;
using AgentVine.Git.Repositories;

namespace AgentVine.Engine.Repositories;

/// <summary>The server's bare repositories: fed by bundles of workers, read for diffs, fetched from by people.</summary>
internal sealed class BranchStore(string folder, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>Bundles larger than this are refused.</summary>
    public const long MaxBundleBytes = 512L * 1024 * 1024;

    private readonly BareRepositoryStore _repositories = new(
        folder, new GitRunner(new GitOptions(), time, loggers.CreateLogger<GitRunner>()), loggers.CreateLogger<BareRepository>());

    private readonly string _uploads = Directory.CreateDirectory(Path.Join(folder, ".uploads")).FullName;

    public BareRepository For(Guid repositoryId) => _repositories.For(repositoryId);

    /// <summary>Takes an upload to a file of its own, hands it to <paramref name="use"/>, and deletes it.</summary>
    public async Task<T> ReceiveAsync<T>(Stream upload, string reference, Func<Bundle, Task<T>> use, CancellationToken cancellationToken)
    {
        var path = NewPath();
        try
        {
            return await use(await Bundle.ReceiveAsync(upload, path, reference, MaxBundleBytes, cancellationToken));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A path for a bundle on its way out or in.</summary>
    public string NewPath() => Path.Join(_uploads, $"{Guid.NewGuid():N}.bundle");
}

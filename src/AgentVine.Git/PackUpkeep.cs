using AgentVine.Git.Bundles;
using Microsoft.Extensions.Logging;

namespace AgentVine.Git;

/// <summary>
/// Joins the packs of a repository when they have become many, and removes what killed processes left half done. Objects that no ref names
/// are kept.
/// </summary>
internal sealed partial class PackUpkeep(GitRunner git, string repository, ILogger logger)
{
    private static readonly TimeSpan LeftOverAfter = TimeSpan.FromDays(1);

    private readonly OneAtATime _turn = new();

    public async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        using var turn = _turn.TryEnter();
        if (turn is null)
        {
            return;
        }

        var packFolder = Path.Join(repository, "objects", "pack");
        var packs = Directory.EnumerateFiles(packFolder, "pack-*.pack").Count();
        try
        {
            RemoveLeftOvers(repository, Quarantine.Prefix + "*");
            RemoveLeftOvers(Path.Join(repository, "objects"), "tmp_*");
            RemoveLeftOvers(packFolder, "tmp_*");
            if (packs >= git.Options.JoinPacksFrom)
            {
                await git.RunAsync(Command("repack", "--quiet", "-n", "--geometric=2", "-d"), cancellationToken);
                await git.RunAsync(Command("pack-refs", "--all"), cancellationToken);
            }
        }
        catch (Exception failure) when (failure is GitException or IOException or UnauthorizedAccessException)
        {
            LogFailed(repository, packs, failure);
        }
    }

    private void RemoveLeftOvers(string folder, string pattern)
    {
        var before = git.Clock.GetUtcNow().UtcDateTime - LeftOverAfter;
        var entries = new DirectoryInfo(folder).EnumerateFileSystemInfos(pattern);
        foreach (var entry in entries.Where(entry => entry.LastWriteTimeUtc < before).ToList())
        {
            if (entry is DirectoryInfo)
            {
                FolderRemoval.Remove(entry.FullName);
            }
            else
            {
                entry.Delete();
            }
        }
    }

    private GitCommand Command(params string[] arguments) => new()
    {
        Arguments = arguments,
        Repository = repository,
        Configuration = [new("core.fsync", "all")],
        Timeout = git.Options.TransferTimeout,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Packs} packs of {Repository} could not be tidied up; it works all the same.")]
    private partial void LogFailed(string repository, int packs, Exception failure);
}

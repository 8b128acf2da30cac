using Microsoft.Extensions.Logging;

namespace AgentVine.Git;

/// <summary>Joins the packs of a repository when they have become many. Objects that no ref names are kept.</summary>
internal sealed partial class PackUpkeep(GitRunner git, string repository, ILogger logger)
{
    private const int ManyPacks = 50;

    private readonly OneAtATime _turn = new();

    public async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        var packs = Directory.EnumerateFiles(Path.Join(repository, "objects", "pack"), "pack-*.pack").Count();
        using var turn = packs < ManyPacks ? null : _turn.TryEnter();
        if (turn is null)
        {
            return;
        }

        try
        {
            await git.RunAsync(Command("repack", "--quiet", "-n", "--geometric=2", "-d"), cancellationToken);
            await git.RunAsync(Command("pack-refs", "--all"), cancellationToken);
        }
        catch (GitException failure)
        {
            LogFailed(repository, packs, failure);
        }
    }

    private GitCommand Command(params string[] arguments) => new()
    {
        Arguments = arguments,
        Repository = repository,
        Configuration = [new("core.fsync", "all")],
        Timeout = git.Options.TransferTimeout,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Packs} packs of {Repository} could not be joined; it works all the same.")]
    private partial void LogFailed(string repository, int packs, Exception failure);
}

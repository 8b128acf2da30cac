namespace AgentVine.Git.Bundles;

/// <summary>Takes the objects of a bundle into a repository, checking each one and that all they lead to is there.</summary>
internal static class PackImport
{
    // Faults that old git programs left in honest histories, and that do no harm; the same ones that public hosts let pass.
    private const string Forgiven =
        "zeroPaddedFilemode=ignore,missingSpaceBeforeDate=ignore,badTimezone=ignore,missingEmail=ignore,badDate=ignore,"
        + "zeroPaddedDate=ignore,missingSpaceBeforeEmail=ignore,missingNameBeforeEmail=ignore,badEmail=ignore,badName=ignore";

    private static readonly KeyValuePair<string, string>[] Careful =
    [
        new("core.fsync", "all"),
        new("core.bigFileThreshold", "32m"),
        new("pack.writeReverseIndex", "false"),
    ];

    // One allocation of git's, at most: a delta of some bytes can claim a result of any size.
    private static readonly Dictionary<string, string> Bounded = new() { ["GIT_ALLOC_LIMIT"] = "1g" };

    public static async Task RunAsync(GitRunner git, string repository, Bundle bundle, CancellationToken cancellationToken)
    {
        await RequirePrerequisitesAsync(git, repository, bundle, cancellationToken);
        try
        {
            await git.RunAsync(
                new GitCommand
                {
                    Arguments = ["index-pack", "--stdin", "--fix-thin", "--strict=" + Forgiven, "--threads=2"],
                    Repository = repository,
                    Configuration = Careful,
                    Environment = Bounded,
                    Input = (stream, stop) => SendPackAsync(bundle, stream, stop),
                    Timeout = git.Options.TransferTimeout,
                },
                cancellationToken);
        }
        catch (GitException failure) when (failure.ExitCode is not null && !IsOurs(failure))
        {
            throw new BundleException(BundleFault.Damaged, $"The bundle's objects are not acceptable: {Reason(failure)}.", failure);
        }

        var types = await ObjectTypes.AskAsync(git, repository, [bundle.Commit], cancellationToken);
        if (types[0] != "commit")
        {
            throw new BundleException(BundleFault.Damaged, $"The bundle's ref names {bundle.Commit}, which is no commit that it brings.");
        }
    }

    /// <summary>What git's check found, as in <c>hasDotgit: contains '.git'</c>, where it is that.</summary>
    private static string Reason(GitException failure) =>
        failure.Errors.Split('\n').FirstOrDefault(line => line.StartsWith("error: object ", StringComparison.Ordinal)) is { } found
            ? GitText.Gist(found)
            : GitText.Gist(failure.Errors);

    /// <summary>Whether it is this machine that could not, and not the bundle that is at fault.</summary>
    private static bool IsOurs(GitException failure) =>
        failure.Errors.Contains("No space left on device", StringComparison.Ordinal)
        || failure.Errors.Contains("unable to create", StringComparison.Ordinal)
        || failure.Errors.Contains("Permission denied", StringComparison.Ordinal);

    private static async Task RequirePrerequisitesAsync(GitRunner git, string repository, Bundle bundle, CancellationToken cancellationToken)
    {
        var types = await ObjectTypes.AskAsync(git, repository, bundle.Prerequisites, cancellationToken);
        var missing = bundle.Prerequisites.Where((_, index) => types[index] != "commit").ToList();
        if (missing.Count > 0)
        {
            throw new BundleException(
                BundleFault.MissingPrerequisites,
                $"The bundle builds on {missing.Count} commits that are not here, {missing[0]} among them: send a bundle of these first.")
            {
                Missing = missing,
            };
        }
    }

    private static async Task SendPackAsync(Bundle bundle, Stream stream, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(bundle.Path, FileMode.Open, FileAccess.Read, FileShare.Read);
        file.Position = bundle.Header.Length;
        await file.CopyToAsync(stream, cancellationToken);
    }
}

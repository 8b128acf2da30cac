namespace AgentVine.Git.Bundles;

/// <summary>Makes bundles of a repository that only this program writes to.</summary>
internal static class BundleWriter
{
    public static Task WriteAsync(
        GitRunner git,
        string repository,
        string reference,
        IReadOnlyList<string> have,
        string path,
        CancellationToken cancellationToken) =>
        git.RunAsync(
            new GitCommand
            {
                Arguments = ["bundle", "create", "--quiet", Path.GetFullPath(path), reference, .. have.Select(commit => "^" + commit)],
                Repository = repository,
                Timeout = git.Options.TransferTimeout,
            },
            cancellationToken);
}

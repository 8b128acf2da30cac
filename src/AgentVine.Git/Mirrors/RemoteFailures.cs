using AgentVine.Git.Names;

namespace AgentVine.Git.Mirrors;

/// <summary>Reads from what git and the repository's host said what kind of failure it was, and says it to people.</summary>
internal static class RemoteFailures
{
    private static readonly string[] NotFound =
    [
        "repository not found", "' not found", "does not appear to be a git repository", "not a git repository", "returned error: 404",
        "could not be found", "no such repository", "repository does not exist", "repository unavailable", "not found: ",
    ];

    private static readonly string[] Authentication =
    [
        "authentication failed", "could not read username", "could not read password", "terminal prompts disabled", "permission denied",
        "returned error: 401", "returned error: 403", "host key verification failed", "access denied", "invalid username or", "unauthorized",
    ];

    private static readonly string[] Unreachable =
    [
        "could not resolve", "connection refused", "connection timed out", "connection reset", "connection closed", "failed to connect",
        "network is unreachable", "no route to host", "operation timed out", "timed out", "early eof", "hung up unexpectedly",
        "unable to access", "unable to connect", "unable to look up", "rpc failed", "could not read from remote repository", "operation too slow",
    ];

    public static GitException Describe(RepositoryUrl url, GitException failure)
    {
        if (failure.Errors.Contains("dubious ownership", StringComparison.Ordinal))
        {
            return OtherOwner(url, failure);
        }

        var gist = GitText.Gist(failure.Errors.Length > 0 ? failure.Errors : failure.Message);
        var kind = KindOf(failure);
        var message = kind switch
        {
            GitFailureKind.Unreachable => $"The repository '{url}' cannot be reached from this worker: {gist}. Check its address and the network.",
            GitFailureKind.NotFound => $"There is no repository '{url}', or these credentials may not see it: {gist}. Check its address.",
            GitFailureKind.AuthenticationFailed => $"The repository '{url}' refuses this worker's credentials: {gist}. "
                + "Set up git or ssh for the user that the worker runs as, so that 'git ls-remote' works without asking.",
            _ => $"The repository '{url}' cannot be fetched: {gist}.",
        };
        return new GitException(kind, message, failure);
    }

    public static GitException NoFolder(RepositoryUrl url) => new(
        GitFailureKind.NotFound,
        $"There is no folder '{url.LocalPath}' on this worker: a local repository is found only by workers on the machine that has it.");

    public static GitException Shallow(RepositoryUrl url) => new(
        GitFailureKind.Other,
        $"The repository '{url}' is a shallow clone, which others cannot build on. Complete it with 'git fetch --unshallow', or name its origin.");

    private static GitException OtherOwner(RepositoryUrl url, GitException failure) => new(
        GitFailureKind.AuthenticationFailed,
        $"The repository '{url}' belongs to another user than this worker's. If you trust it, run as the worker's user: "
            + $"git config --global --add safe.directory '{url.LocalPath ?? "*"}'",
        failure);

    private static GitFailureKind KindOf(GitException failure)
    {
        if (failure.TimedOut)
        {
            return GitFailureKind.Unreachable;
        }

        return Says(NotFound) ? GitFailureKind.NotFound
            : Says(Authentication) ? GitFailureKind.AuthenticationFailed
            : Says(Unreachable) ? GitFailureKind.Unreachable
            : GitFailureKind.Other;

        bool Says(string[] words) => words.Any(word => failure.Errors.Contains(word, StringComparison.OrdinalIgnoreCase));
    }
}

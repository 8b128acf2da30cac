using System.Globalization;
using System.Text.RegularExpressions;
using AgentVine.Contracts.Tasks;
using AgentVine.Git.Names;

namespace AgentVine.Git.Repositories;

/// <summary>Compares commits of a repository that holds what agents made: nothing in there can have a program run.</summary>
internal sealed partial class DiffReader(GitRunner git, string repository)
{
    private static readonly string[] Plain = ["--no-ext-diff", "--no-textconv", "--no-color", "--find-renames", "-l1000", "--submodule=short"];

    private static readonly string[] Form = ["--unified=3", "--src-prefix=a/", "--dst-prefix=b/", "--diff-algorithm=histogram"];

    // Files beyond this are shown as binary, unread.
    private static readonly KeyValuePair<string, string>[] Bounded = [new("core.bigFileThreshold", "32m")];

    public async Task<DiffStat> StatAsync(string baseCommit, string commit, CancellationToken cancellationToken)
    {
        var output = await git.RunAsync(Command(["diff", "--shortstat", .. Plain, .. Range(baseCommit, commit)]), cancellationToken);
        return new DiffStat(Number(Files()), Number(Insertions()), Number(Deletions()));

        int Number(Regex pattern) =>
            pattern.Match(output.Text) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }

    public async Task<bool> WriteAsync(
        string baseCommit,
        string commit,
        Stream destination,
        long maxBytes,
        CancellationToken cancellationToken)
    {
        var cut = new CutAtLine(destination, maxBytes);
        var command = Command(["diff", "--patch", .. Form, .. Plain, .. Range(baseCommit, commit)]);
        await git.RunAsync(command with { Output = cut.CopyAsync }, cancellationToken);
        return cut.IsWhole;
    }

    private static string[] Range(string baseCommit, string commit) =>
        [CommitId.Require(baseCommit, nameof(baseCommit)), CommitId.Require(commit, nameof(commit)), "--"];

    private GitCommand Command(IReadOnlyList<string> arguments) =>
        BareFolder.Exists(repository)
            ? new GitCommand { Arguments = arguments, Repository = repository, Configuration = Bounded }
            : throw new GitException(GitFailureKind.NotFound, "Nothing was handed back yet for this repository, so that there is no diff.");

    [GeneratedRegex(@"(\d+) files? changed")]
    private static partial Regex Files();

    [GeneratedRegex(@"(\d+) insertions?\(\+\)")]
    private static partial Regex Insertions();

    [GeneratedRegex(@"(\d+) deletions?\(-\)")]
    private static partial Regex Deletions();
}

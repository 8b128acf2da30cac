using System.Text;
using AgentVine.Git.Names;

namespace AgentVine.Git;

/// <summary>Asks a repository what it has.</summary>
internal static class ObjectTypes
{
    /// <summary>Per id its type, as in <c>commit</c>, or <c>missing</c>; in the order of <paramref name="objects"/>.</summary>
    public static async Task<IReadOnlyList<string>> AskAsync(
        GitRunner git,
        string repository,
        IReadOnlyList<string> objects,
        CancellationToken cancellationToken)
    {
        if (objects.Count == 0)
        {
            return [];
        }

        var question = Encoding.ASCII.GetBytes(string.Join('\n', objects.Select(id => CommitId.Require(id, nameof(objects)))) + "\n");
        var output = await git.RunAsync(
            new GitCommand
            {
                Arguments = ["cat-file", "--batch-check=%(objecttype)"],
                Repository = repository,
                Input = async (stream, stop) => await stream.WriteAsync(question, stop),
            },
            cancellationToken);
        return [.. output.Lines.Select(line => line.EndsWith(" missing", StringComparison.Ordinal) ? "missing" : line)];
    }

    /// <summary>Those of <paramref name="ids"/> that are commits of <paramref name="repository"/>; anything else is passed over.</summary>
    public static async Task<IReadOnlyList<string>> CommitsAsync(
        GitRunner git,
        string repository,
        IEnumerable<string> ids,
        CancellationToken cancellationToken)
    {
        var valid = ids.Where(CommitId.IsValid).Distinct().ToList();
        var types = await AskAsync(git, repository, valid, cancellationToken);
        return [.. valid.Where((_, index) => types[index] == "commit")];
    }
}

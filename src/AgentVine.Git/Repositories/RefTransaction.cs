using System.Text;
using AgentVine.Git.Names;

namespace AgentVine.Git.Repositories;

/// <summary>Moves refs of one repository together, each only from where it was seen, and has them on disk before it returns.</summary>
internal sealed class RefTransaction(GitRunner git, string repository)
{
    private const int Tries = 5;

    // Git holds these locks for milliseconds, and waits for others' as long as told here.
    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(5);
    private static readonly KeyValuePair<string, string>[] Patient =
        [new("core.fsync", "all"), new("core.filesRefLockTimeout", "2000"), new("core.packedRefsTimeout", "2000")];

    private static readonly string Absent = new('0', CommitId.Length);

    private readonly OneAtATime _turn = new();

    /// <summary>The refs of <paramref name="names"/> that are there, with their objects.</summary>
    public async Task<Dictionary<string, string>> ReadAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var output = await git.RunAsync(
            new GitCommand
            {
                Arguments = ["for-each-ref", "--format=%(objectname) %(refname)", "--", .. names],
                Repository = repository,
            },
            cancellationToken);
        return GitRef.ParseList(output)
            .Where(reference => names.Contains(reference.Name))
            .ToDictionary(reference => reference.Name, reference => reference.Object);
    }

    /// <summary>
    /// The first of <paramref name="updates"/> that may not go to <paramref name="commit"/>, which <paramref name="view"/> can see.
    /// </summary>
    public async Task<StoreOutcome.NotFastForward?> BrokenRuleAsync(
        string view,
        IReadOnlyList<RefUpdate> updates,
        string commit,
        CancellationToken cancellationToken)
    {
        var current = await ReadAsync([.. updates.Select(update => update.Name)], cancellationToken);
        foreach (var update in updates.Where(update => update.Rule == RefRule.FastForward))
        {
            if (current.TryGetValue(update.Name, out var old) && !await IsAncestorAsync(view, old, commit, cancellationToken))
            {
                return new StoreOutcome.NotFastForward(update.Name, old);
            }
        }

        return null;
    }

    public async Task<StoreOutcome> MoveAsync(IReadOnlyList<RefUpdate> updates, string commit, CancellationToken cancellationToken)
    {
        using var turn = await _turn.EnterAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            if (await BrokenRuleAsync(repository, updates, commit, cancellationToken) is { } broken)
            {
                return broken;
            }

            try
            {
                await CommitAsync(updates, commit, cancellationToken);
                Flush(updates);
                return new StoreOutcome.Stored(commit);
            }
            catch (GitException failure) when (attempt < Tries && IsRace(failure))
            {
                // Another process moved one of them in between, or was killed doing so: look again.
                StaleLocks.Remove(repository, before: git.Clock.GetUtcNow() - StaleAfter);
            }
        }
    }

    private async Task CommitAsync(IReadOnlyList<RefUpdate> updates, string commit, CancellationToken cancellationToken)
    {
        var current = await ReadAsync([.. updates.Select(update => update.Name)], cancellationToken);
        var script = new StringBuilder("start\n");
        foreach (var update in updates)
        {
            var old = current.GetValueOrDefault(update.Name, Absent);
            script.Append("update ").Append(update.Name).Append(' ').Append(commit).Append(' ').Append(old).Append('\n');
        }

        var input = Encoding.UTF8.GetBytes(script.Append("prepare\ncommit\n").ToString());
        await git.RunAsync(
            new GitCommand
            {
                Arguments = ["update-ref", "--stdin"],
                Repository = repository,
                Configuration = Patient,
                Input = async (stream, stop) => await stream.WriteAsync(input, stop),
            },
            cancellationToken);
    }

    private void Flush(IReadOnlyList<RefUpdate> updates)
    {
        foreach (var file in updates.Select(update => Path.GetFullPath(update.Name, repository)).Where(File.Exists))
        {
            DiskFlush.Content(file);
            DiskFlush.Folders(Path.GetDirectoryName(file)!, repository);
        }
    }

    private async Task<bool> IsAncestorAsync(string view, string ancestor, string commit, CancellationToken cancellationToken)
    {
        if (ancestor == commit)
        {
            return true;
        }

        var output = await git.RunAsync(
            new GitCommand { Arguments = ["merge-base", "--is-ancestor", ancestor, commit], Repository = view, ExitCodes = [0, 1] },
            cancellationToken);
        return output.ExitCode == 0;
    }

    private static bool IsRace(GitException failure) => failure.Errors.Contains("cannot lock ref", StringComparison.Ordinal);
}

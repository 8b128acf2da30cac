using AgentVine.Runtimes.Transcripts;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>Claude Code's transcripts: <c>projects/&lt;working directory&gt;/&lt;session&gt;.jsonl</c> below its configuration folder.</summary>
internal sealed class ClaudeTranscripts : IAgentTranscripts
{
    /// <summary>The configuration folder, in the agent's home.</summary>
    public const string Configuration = ".claude";

    private const string Projects = $"{Configuration}/projects";
    private const int MostFolders = 1000;

    /// <inheritdoc/>
    public TimeSpan Lag { get; } = TimeSpan.FromMilliseconds(300);

    /// <inheritdoc/>
    public async Task<long> CopyAsync(TranscriptPlace place, Stream destination, CancellationToken cancellationToken)
    {
        var file = $"{place.RequireSession()}.jsonl";
        foreach (var folder in Folders(place))
        {
            await using var source = AgentFolder.OpenRead(place.StateDirectory, $"{Projects}/{folder}/{file}");
            if (source is not null)
            {
                return await TranscriptFile.CopyLinesAsync(source, destination, cancellationToken);
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public async Task PlaceAsync(TranscriptPlace place, Stream transcript, CancellationToken cancellationToken)
    {
        var name = $"{Projects}/{FolderOf(place.WorkingDirectory)}/{place.RequireSession()}.jsonl";
        await using var file = AgentFolder.Create(place.StateDirectory, name);
        await TranscriptFile.CopyAllAsync(transcript, file, cancellationToken);
    }

    // The program shortens a long name in a way of its own, and finds a session under any.
    private static IEnumerable<string> Folders(TranscriptPlace place)
    {
        var folder = FolderOf(place.WorkingDirectory);
        yield return folder;
        var projects = Path.Join(place.StateDirectory, Projects);
        if (!Directory.Exists(projects))
        {
            yield break;
        }

        foreach (var other in Directory.EnumerateDirectories(projects).Select(path => Path.GetFileName(path)).Where(name => name != folder).Take(MostFolders))
        {
            yield return other;
        }
    }

    private static string FolderOf(string workingDirectory)
    {
        var name = string.Concat(workingDirectory.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        return name.Length <= 200 ? name : name[..200];
    }
}

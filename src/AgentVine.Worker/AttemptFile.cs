using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Git.Clones;

namespace AgentVine.Worker;

/// <summary>
/// What a worker that starts has to know to bring home what a killed one left: kept beside an attempt's files, where its agent cannot
/// write, and on disk before what it tells of happens.
/// </summary>
internal sealed record AttemptFile
{
    public required Guid ExecutionId { get; init; }

    public required Guid TaskId { get; init; }

    public required int Attempt { get; init; }

    public required long LeaseToken { get; init; }

    public required string RepositoryUrl { get; init; }

    public required string Runtime { get; init; }

    public required string BaseCommit { get; init; }

    /// <summary>The agent program's own session id, once it has one.</summary>
    public string? SessionId { get; init; }

    /// <summary>The number of the newest checkpoint that was sent, whether or not it arrived.</summary>
    public int LastN { get; init; }

    /// <summary>The newest snapshot that may be at the server: the next one goes on from it.</summary>
    public Snapshot? Sent { get; init; }

    /// <summary>The newest snapshot that is at the server, as it said.</summary>
    public Snapshot? Stored { get; init; }

    /// <summary>The hash of the transcript that was stored with <see cref="Stored"/>.</summary>
    public string? StoredTranscript { get; init; }

    /// <summary>How many checkpoints in a row the server refused, up to now.</summary>
    public int Refusals { get; init; }

    /// <summary>The snapshot of an earlier attempt that this one went on from.</summary>
    public string? Restored { get; init; }

    /// <summary>
    /// A worker that started has begun to look through the files with git, and did not get through it: the next one registers first.
    /// </summary>
    public bool Tried { get; init; }

    /// <summary>Null where there is none, or none that can be read.</summary>
    public static AttemptFile? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<AttemptFile>(File.ReadAllText(path), VineJson.Options);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Write(string path)
    {
        var draft = path + ".draft";
        using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, this, VineJson.Options);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}

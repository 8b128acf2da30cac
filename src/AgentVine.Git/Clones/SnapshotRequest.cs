using AgentVine.Git.Names;

namespace AgentVine.Git.Clones;

/// <summary>What a snapshot is taken of and builds on.</summary>
public sealed record SnapshotRequest
{
    /// <summary>The clone.</summary>
    public required string Folder { get; init; }

    /// <summary>The ref that the snapshot gets in the clone: <see cref="WorkRefs.WorkInProgress"/>.</summary>
    public required string Reference { get; init; }

    /// <summary>The commit that the work builds on; stands for HEAD where the agent is on a branch without a commit.</summary>
    public required string BaseCommit { get; init; }

    /// <summary>The snapshot before, which this one goes on from; itself the result when nothing changed since.</summary>
    public Snapshot? Previous { get; init; }

    /// <summary>Objects that are kept elsewhere, with all that they lead to: those of <c>Mirror.ListObjectsAsync</c>.</summary>
    public IReadOnlyList<string> Known { get; init; } = [];

    /// <summary>The commit's message.</summary>
    public string Message { get; init; } = "Work in progress";
}

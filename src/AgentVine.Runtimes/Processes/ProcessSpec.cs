namespace AgentVine.Runtimes.Processes;

/// <summary>A process to start.</summary>
public sealed record ProcessSpec
{
    /// <summary>The attempt that it belongs to.</summary>
    public required Guid ExecutionId { get; init; }

    /// <summary>An absolute path, or a name to be found on the sandbox's <c>PATH</c>.</summary>
    public required string FileName { get; init; }

    /// <summary>Passed as they are; never through a shell.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Where it starts: a folder among <see cref="Writable"/> or <see cref="ReadOnly"/>.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>HOME; writable.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>
    /// The whole environment beyond <c>PATH</c>, <c>HOME</c>, <c>LANG</c>, <c>TMPDIR</c>, <c>VINE_EXECUTION</c> and
    /// <c>VINE_PROCESS</c>, which marks this start and what comes of it.
    /// Its names and values are the worker's to choose, never a task's.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Folders and files that it may read and write, at their own paths.</summary>
    public IReadOnlyList<string> Writable { get; init; } = [];

    /// <summary>Folders and files that it may read, at their own paths, beyond the system's programs.</summary>
    public IReadOnlyList<string> ReadOnly { get; init; } = [];

    /// <summary>Whether it has no network but a loopback of its own. Where <see cref="IProcessLauncher.CutsNetwork"/> is false, it must not be asked for.</summary>
    public bool CutNetwork { get; init; }

    /// <summary>A process of <paramref name="launch"/> in its clone, which is read-only where the launch says so.</summary>
    public static ProcessSpec For(AgentLaunch launch, string fileName, IReadOnlyList<string> arguments) => new()
    {
        ExecutionId = launch.ExecutionId,
        FileName = fileName,
        Arguments = arguments,
        WorkingDirectory = launch.WorkingDirectory,
        StateDirectory = launch.StateDirectory,
        Writable = launch.ReadOnly ? [] : [launch.WorkingDirectory],
        ReadOnly = launch.ReadOnly ? [launch.WorkingDirectory, .. launch.SharedFolders] : launch.SharedFolders,
    };
}

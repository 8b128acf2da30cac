using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentVine.Runtimes.Processes;

/// <summary>What a worker's launcher of processes is set up with.</summary>
public sealed record LauncherOptions
{
    /// <summary>The clock of graces and polls.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the launcher tells what a person should know; never arguments or environment.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The record of what was started, for the worker's next start; none is kept when null.</summary>
    public LeftoverProcesses? Leftovers { get; init; }

    /// <summary>What every sandbox shows of the host beyond <c>/usr</c>: where there are more tools. Readable by all users.</summary>
    public IReadOnlyList<string> ReadOnly { get; init; } = [];

    /// <summary>The first of the user ids that sandboxes run as when this program is root; ids of no person and no other program.</summary>
    public uint FirstUserId { get; init; } = 200_000;

    /// <summary>How many of them there are; each attempt that runs has one of its own.</summary>
    public uint UserIds { get; init; } = 1_000;

    /// <summary>A folder for the sandboxes of root, one for all workers of the host; every user can pass the folders above it.</summary>
    public string SandboxFolder { get; init; } = "/run/agentvine";

    /// <summary>How many processes and threads an attempt may have, when this program is root.</summary>
    public int MaxProcesses { get; init; } = 4_096;

    /// <summary>The size of a sandbox's private <c>/tmp</c>, in bytes; it is memory.</summary>
    public long TemporarySpace { get; init; } = 1L << 30;

    /// <summary>Where the user ids in use are locked.</summary>
    internal string UserIdFolder => Path.Combine(SandboxFolder, "users");

    /// <summary>Where a sandbox finds what it shows; empty but in the sandboxes' own view of it.</summary>
    internal string PassageFolder => Path.Combine(SandboxFolder, "passage");
}

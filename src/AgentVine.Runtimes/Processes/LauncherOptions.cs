using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentVine.Runtimes.Processes;

/// <summary>What a worker's launcher of processes is set up with.</summary>
public sealed record LauncherOptions
{
    /// <summary>The clock of graces and polls.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where starts and ends are logged; never arguments or environment.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}

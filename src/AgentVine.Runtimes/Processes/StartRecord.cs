using System.Diagnostics;

namespace AgentVine.Runtimes.Processes;

/// <summary>One start, as <see cref="LeftoverProcesses"/> keeps it; without a pid the start was under way.</summary>
internal sealed record StartRecord
{
    public required Guid ExecutionId { get; init; }

    public required string Mark { get; init; }

    /// <summary>Pids and start times mean something within one run of the machine only.</summary>
    public required string Boot { get; init; }

    public int? Pid { get; init; }

    public long? StartedAt { get; init; }

    /// <summary>Kills what there is now.</summary>
    /// <returns>False when nothing was left.</returns>
    public bool KillOnce() => OperatingSystem.IsLinux() ? KillMarked() : KillRecorded();

    private bool KillMarked()
    {
        var variable = $"{AgentEnvironment.ExecutionVariable}={ExecutionId}";
        var left = MarkedProcessTree.Grow(ProcEntry.All(), entry =>
            (entry.Pid == Pid && entry.StartTicks == StartedAt) || entry.Environment().Contains(variable));
        foreach (var entry in left)
        {
            Libc.Signal(entry.Pid, Libc.SigKill);
        }

        return left.Count > 0;
    }

    private bool KillRecorded()
    {
        if (Pid is not { } pid || StartedAt is not { } startedAt || ProcessIdentity.StartOf(pid) != startedAt)
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill(entireProcessTree: true);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

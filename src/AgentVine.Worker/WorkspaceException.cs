using AgentVine.Contracts.Tasks;
using AgentVine.Git;
using AgentVine.Git.Bundles;

namespace AgentVine.Worker;

/// <summary>A clone could not be made or brought home. The message is for people.</summary>
internal sealed class WorkspaceException(FailureKind kind, string message, Exception? innerException = null) : Exception(message, innerException)
{
    // ENOSPC and EDQUOT of Linux and macOS, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows.
    private static readonly int[] DiskFull = [28, 122, 69, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    public FailureKind Kind { get; } = kind;

    public FailureCause Cause => CauseOf(InnerException) ?? FailureCause.Git;

    /// <summary>What lies at the bottom of a failure of git or of files; null where that is not known.</summary>
    public static FailureCause? CauseOf(Exception? failure) => failure switch
    {
        null => null,
        IOException io when DiskFull.Contains(io.HResult) => FailureCause.DiskFull,
        GitException git when git.Message.Contains("No space left on device", StringComparison.Ordinal) => FailureCause.DiskFull,
        GitException or BundleException or WorkspaceException => FailureCause.Git,
        _ => CauseOf(failure.InnerException),
    };
}

using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes;

namespace AgentVine.Worker;

/// <summary>
/// A worker's own folder, held for as long as the worker lives: what a second one did there, killing leftovers first of all, would hit the
/// first one's agents. The system frees it when its process dies, however that dies.
/// </summary>
internal sealed class WorkerFolder : IDisposable
{
    private readonly FileStream _lock;

    private WorkerFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <exception cref="AgentLaunchException">Another worker has it; the message says what to do.</exception>
    public static WorkerFolder Take(string path, string name)
    {
        var file = System.IO.Path.Join(path, "worker.lock");
        try
        {
            Directory.CreateDirectory(path);
            return new WorkerFolder(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException fault) when (IsHeldByOther(fault))
        {
            throw new AgentLaunchException(
                FailureKind.Permanent,
                $"Another worker works in '{path}', the folder of the name '{name}': '{file}' is locked. Stop that one first, or give this one another name with --name.",
                fault);
        }
    }

    public void Dispose() => _lock.Dispose();

    // EWOULDBLOCK of flock on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsHeldByOther(IOException fault) => fault.HResult is 11 or 35 or unchecked((int)0x80070020);
}

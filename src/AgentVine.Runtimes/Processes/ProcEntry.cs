using System.Globalization;
using System.Text;

namespace AgentVine.Runtimes.Processes;

/// <summary>A live process as Linux's <c>/proc</c> tells it; one that is dead and only waits to be reaped is no process here.</summary>
internal readonly record struct ProcEntry(int Pid, int ParentPid, int Session, long StartTicks)
{
    public static IReadOnlyList<ProcEntry> All()
    {
        var entries = new List<ProcEntry>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            var isProcess = int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid);
            if (isProcess && Read(pid) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    public static ProcEntry? Read(int pid)
    {
        if (Bytes(pid, "stat") is not { Length: > 0 } bytes)
        {
            return null;
        }

        // The second field is the program's name in parentheses and may hold anything, spaces and parentheses included.
        var text = Encoding.UTF8.GetString(bytes);
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X"
            ? null
            : new ProcEntry(pid, Number(fields[1]), Number(fields[3]), long.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    /// <summary>The environment that the process was started with; empty when it is gone or another user's.</summary>
    public IReadOnlyList<string> Environment() =>
        Encoding.UTF8.GetString(Bytes(Pid, "environ") ?? []).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Its number in its own pid namespace, null when that is this program's.</summary>
    public int? NamespacePid()
    {
        var status = Encoding.UTF8.GetString(Bytes(Pid, "status") ?? []);
        var line = status.Split('\n').FirstOrDefault(line => line.StartsWith("NSpid:", StringComparison.Ordinal));
        var pids = line?.Split('\t', StringSplitOptions.RemoveEmptyEntries);
        return pids is { Length: > 2 } ? Number(pids[^1]) : null;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static byte[]? Bytes(int pid, string file)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{pid}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

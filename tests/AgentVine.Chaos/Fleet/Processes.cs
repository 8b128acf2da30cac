using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AgentVine.Chaos.Fleet;

/// <summary>The machine's processes, as <c>/proc</c> shows them.</summary>
internal static partial class Processes
{
    private const int Kill9 = 9;
    private const int Stop19 = 19;
    private const int Continue18 = 18;
    private const string Mark = "VINE_EXECUTION=";

    /// <summary>Each live process of an agent with its execution.</summary>
    public static IReadOnlyList<(int Pid, string Execution)> OfAgents() =>
        [.. from pid in All()
            let marked = Variables(pid).FirstOrDefault(variable => variable.StartsWith(Mark, StringComparison.Ordinal))
            where marked is not null
            select (pid, marked[Mark.Length..])];

    /// <summary>A process and all that descend from it.</summary>
    public static IReadOnlyList<int> Tree(int root)
    {
        var children = All().Select(pid => (Pid: pid, Parent: ParentOf(pid))).ToLookup(pair => pair.Parent, pair => pair.Pid);
        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children[tree[i]]);
        }

        return tree;
    }

    public static string Describe(int pid)
    {
        try
        {
            return $"{pid} {Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline")).Replace('\0', ' ')}";
        }
        catch (IOException)
        {
            return $"{pid} (gone)";
        }
    }

    public static void Kill(int pid) => _ = Signal(pid, Kill9);

    public static void Pause(int pid) => _ = Signal(pid, Stop19);

    public static void Resume(int pid) => _ = Signal(pid, Continue18);

    private static IEnumerable<int> All() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture));

    private static int ParentOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string[] Variables(int pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/environ")).Split('\0');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int pid, int signal);
}

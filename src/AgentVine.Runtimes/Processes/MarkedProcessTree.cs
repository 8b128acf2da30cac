namespace AgentVine.Runtimes.Processes;

/// <summary>
/// The tree on Linux: what carries the start's mark in its environment, what is in its session, and what descends from either,
/// so that a child that left the session, lost its parent or cleaned its environment is still found by one of the others.
/// </summary>
internal sealed class MarkedProcessTree(int mainPid, string mark, bool sandboxed) : IProcessTree
{
    private readonly long _startTicks = ProcEntry.Read(mainPid)?.StartTicks ?? 0;
    private readonly string _variable = $"{AgentEnvironment.ProcessVariable}={mark}";

    /// <summary>The processes that <paramref name="isRoot"/> picks and all that descend from them; never this program itself.</summary>
    public static IReadOnlyCollection<ProcEntry> Grow(IReadOnlyList<ProcEntry> all, Func<ProcEntry, bool> isRoot)
    {
        var members = all.Where(entry => entry.Pid != Environment.ProcessId && isRoot(entry)).ToDictionary(entry => entry.Pid);
        var children = all.ToLookup(entry => entry.ParentPid);
        var unseen = new Queue<ProcEntry>(members.Values);
        while (unseen.TryDequeue(out var parent))
        {
            foreach (var child in children[parent.Pid])
            {
                if (child.Pid != Environment.ProcessId && members.TryAdd(child.Pid, child))
                {
                    unseen.Enqueue(child);
                }
            }
        }

        return members.Values;
    }

    public bool Terminate()
    {
        foreach (var member in Members())
        {
            // In a sandbox only what runs inside is asked: its keeper would end at once and take the agent with it.
            if (!sandboxed || member.NamespacePid() is > 1)
            {
                Libc.Signal(member.Pid, Libc.SigTerm);
            }
        }

        return true;
    }

    public bool Kill()
    {
        var members = Members();
        foreach (var member in members)
        {
            Libc.Signal(member.Pid, Libc.SigKill);
        }

        return members.Count == 0;
    }

    private IReadOnlyCollection<ProcEntry> Members() =>
        Grow(ProcEntry.All(), entry => IsOwn(entry) || entry.Environment().Contains(_variable));

    private bool IsOwn(ProcEntry entry) =>
        (entry.Pid == mainPid || entry.Session == mainPid) && entry.StartTicks >= _startTicks;
}

using AgentVine.Testing.Fleet;

namespace AgentVine.Chaos.Fleet;

/// <summary>A worker of the fleet: its name and folder stay, its process comes and goes.</summary>
internal sealed class WorkerPlace(string name, string folder)
{
    public string Name => name;

    /// <summary>Its data folder, as on a host of its own.</summary>
    public string Folder => folder;

    public VineProcess? Process { get; set; }

    public bool IsAlive => Process is { HasExited: false };

    /// <summary>Where an attempt of it works.</summary>
    public string? CloneOf(string execution)
    {
        var found = Directory.Exists(folder)
            ? Directory.EnumerateDirectories(folder, execution, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 5, IgnoreInaccessible = true }).FirstOrDefault()
            : null;
        return found is null ? null : Path.Join(found, "clone");
    }
}

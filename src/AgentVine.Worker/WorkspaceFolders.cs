using AgentVine.Git.Clones;

namespace AgentVine.Worker;

/// <summary>Where one attempt's files are.</summary>
internal sealed class WorkspaceFolders(string root, Guid executionId)
{
    public string Root { get; } = Path.Join(root, executionId.ToString("D"));

    public string Clone => Path.Join(Root, "clone");

    /// <summary>HOME of the agent.</summary>
    public string Home => Path.Join(Root, "home");

    public string Bundle => Path.Join(Root, "work.bundle");

    public string BaseBundle => Path.Join(Root, "base.bundle");

    public string StartBundle => Path.Join(Root, "start.bundle");

    public void Create()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Home);
    }

    /// <summary>Deletes what attempts left whose worker was killed, once nobody has looked at it since <paramref name="before"/>.</summary>
    public static void DeleteForgotten(string root, DateTimeOffset before)
    {
        if (!Directory.Exists(root))
        {
            return;
        }

        foreach (var folder in Directory.EnumerateDirectories(root).Where(folder => Directory.GetLastWriteTimeUtc(folder) < before.UtcDateTime))
        {
            PrivateClone.Delete(folder);
        }
    }

    public void Delete() => PrivateClone.Delete(Root);
}

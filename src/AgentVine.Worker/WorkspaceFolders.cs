using AgentVine.Contracts.Tasks;
using AgentVine.Git.Clones;

namespace AgentVine.Worker;

/// <summary>Where one attempt's files are. The agent can write to <see cref="Clone"/> and <see cref="Home"/>, and to nothing beside them.</summary>
internal sealed class WorkspaceFolders(string root, Guid executionId)
{
    /// <summary>How the name of a folder ends that is being deleted.</summary>
    public const string Going = ".deleting";

    public Guid ExecutionId { get; } = executionId;

    public string Root { get; } = Path.Join(root, executionId.ToString("D"));

    public string Clone => Path.Join(Root, "clone");

    /// <summary>Where the clone is made. It becomes <see cref="Clone"/> when all is there, <see cref="Attempt"/> too.</summary>
    public string CloneDraft => Path.Join(Root, "clone.draft");

    /// <summary>HOME of the agent.</summary>
    public string Home => Path.Join(Root, "home");

    public string Bundle => Path.Join(Root, "work.bundle");

    public string BaseBundle => Path.Join(Root, "base.bundle");

    public string StartBundle => Path.Join(Root, "start.bundle");

    public string StartTranscript => Path.Join(Root, "start.transcript");

    public string CheckpointBundle => Path.Join(Root, "checkpoint.bundle");

    /// <summary>A checkpoint on its way: the transcript, then the bundle.</summary>
    public string CheckpointUpload => Path.Join(Root, "checkpoint.upload");

    /// <summary>Which attempt's these are: see <see cref="AttemptFile"/>.</summary>
    public string Attempt => Path.Join(Root, "attempt.json");

    public void Create()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Home);
    }

    /// <summary>To be asked before every command that works in the clone.</summary>
    /// <exception cref="WorkspaceException">It is not there, is no real folder, or is another attempt's.</exception>
    public void Require()
    {
        foreach (var folder in (string[])[Root, Clone, Home, Path.Join(Clone, ".git")])
        {
            if (new DirectoryInfo(folder) is not { Exists: true, LinkTarget: null })
            {
                throw Wrong($"'{folder}' is missing, or is no real folder");
            }
        }

        if (AttemptFile.Read(Attempt)?.ExecutionId is not { } found || found != ExecutionId)
        {
            throw Wrong($"'{Attempt}' does not name it");
        }
    }

    /// <summary>Deletes all of it in two steps, so that what was begun is never taken for an attempt's files again.</summary>
    public void Delete()
    {
        if (!Directory.Exists(Root))
        {
            return;
        }

        var going = Root + Going;
        PrivateClone.Delete(going);
        Directory.Move(Root, going);
        PrivateClone.Delete(going);
    }

    private WorkspaceException Wrong(string what) => new(
        FailureKind.Transient,
        $"The working directory of execution {ExecutionId} is not what it was: {what}. Nothing was run in it; see what is in {Root}, where its files stay.");
}

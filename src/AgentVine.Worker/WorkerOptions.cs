using AgentVine.Runtimes.Command;
using AgentVine.Runtimes.Processes;
using AgentVine.Worker.Accounts;

namespace AgentVine.Worker;

/// <summary>What a worker is told by its command line, environment and file. Units are in the types.</summary>
public sealed record WorkerOptions
{
    /// <summary>Unique in the fleet: a second worker of the name takes the first one's place, and does not start where that one has its folder.</summary>
    public required string Name { get; init; }

    /// <summary>How many tasks it runs at a time.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>The server.</summary>
    public required Uri Server { get; init; }

    /// <summary>The server's key.</summary>
    public required string Key { get; init; }

    /// <summary>Where mirrors, clones and agents' private folders live; this worker's own below it.</summary>
    public required string Folder { get; init; }

    /// <summary>How agents are kept apart from the host.</summary>
    public SandboxKind Sandbox { get; init; } = SandboxKind.Auto;

    /// <summary>
    /// Whether sandboxed agents have the host's network although they need none: an account's key goes through the gateway. For work
    /// that fetches packages.
    /// </summary>
    public bool OpenNetwork { get; init; }

    /// <summary>A free word for people.</summary>
    public string? Type { get; init; }

    /// <summary>What it is good at.</summary>
    public IReadOnlyList<string> Specializations { get; init; } = [];

    /// <summary>What its agents may do, for people and routing.</summary>
    public IReadOnlyList<string> Permissions { get; init; } = [];

    /// <summary>Free labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Tokens of context that its agents have.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>No attempt gets more agent time here, whatever its task says.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The programs of the runtime <c>command</c>; without any, the worker does not offer that runtime.</summary>
    public IReadOnlyList<CommandProgram> Commands { get; init; } = [];

    /// <summary>Folders that agents may read besides the system's programs: tool chains outside <c>/usr</c>.</summary>
    public IReadOnlyList<string> ReadOnlyFolders { get; init; } = [];

    /// <summary>Where model calls are paid, in order of preference; without any, by what Claude Code's own options name.</summary>
    public IReadOnlyList<ModelAccount> Accounts { get; init; } = [];

    /// <summary>Prices that stand over the built-in list, by the models' ids.</summary>
    public IReadOnlyDictionary<string, ModelPrice> Prices { get; init; } = new Dictionary<string, ModelPrice>();

    /// <summary>Where the model gateway writes down every exchange; null for nowhere.</summary>
    public string? RecordFolder { get; init; }

    /// <summary>So many characters of an attempt's output are kept; a mark says how much came after them.</summary>
    public long MaxOutput { get; init; } = OutputWriter.MostKept;

    /// <summary>An attempt whose files, clone and home together, take more bytes is ended.</summary>
    public long MaxDiskBytes { get; init; } = 20L * 1024 * 1024 * 1024;

    /// <summary>Bundles of agents larger than this are refused.</summary>
    public long MaxBundleBytes { get; init; } = 512L * 1024 * 1024;
}

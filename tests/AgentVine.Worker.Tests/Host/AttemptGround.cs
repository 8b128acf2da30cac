using System.Net;
using System.Text;
using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes;
using AgentVine.Runtimes.Processes;
using AgentVine.Runtimes.Transcripts;
using AgentVine.Testing.Time;
using AgentVine.Worker.Accounts;
using AgentVine.Worker.Outbox;
using AgentVine.Worker.Tests.Git;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentVine.Worker.Tests.Host;

/// <summary>Attempts with real clones on the real git: around them stand-ins of server, agent program and its conversation, and a driven clock.</summary>
internal sealed class AttemptGround : IAgentRuntime, IAgentTranscripts, IProcessLauncher, IDisposable
{
    private readonly GitGround _git = new();
    private readonly OutboxGround _folder = new();
    private readonly PlainLauncher _launcher = new(new LauncherOptions());
    private readonly string _source;

    public AttemptGround()
    {
        _source = _git.NewRepository();
        Server = new ServerStandIn(Answer);
        Link = Server.Link(Time);
        Outbox = _folder.Open(Link, Time);
        Runtimes = new Dictionary<string, IAgentRuntime> { [RuntimeNames.Rehearsal] = this };
    }

    public ManualTime Time { get; } = new();

    public ServerStandIn Server { get; }

    public ServerLink Link { get; }

    public WorkerOutbox Outbox { get; }

    public IReadOnlyDictionary<string, IAgentRuntime> Runtimes { get; }

    /// <summary>Where the attempts' folders are.</summary>
    public string Attempts => Path.Join(_git.Root, "attempts");

    /// <summary>What the server says to a call; where null, that all is well.</summary>
    public Func<string, (HttpStatusCode Status, string Body)?> Says { get; set; } = _ => null;

    /// <summary>Waited for before a process of an attempt starts.</summary>
    public Func<ProcessSpec, CancellationToken, Task> BeforeStart { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What the agent does, given its clone, before it ends well.</summary>
    public Action<string> Work { get; set; } = _ => { };

    /// <summary>The agent's conversation; null where none can be kept.</summary>
    public string? Conversation { get; set; } = "said\n";

    public string Name => RuntimeNames.Rehearsal;

    public RuntimeCapabilities Capabilities { get; } = new(Questions: true, Permissions: true, Messages: true, Interrupt: true, Resume: true);

    public IAgentTranscripts Transcripts => this;

    public TimeSpan Lag => TimeSpan.Zero;

    public bool CutsNetwork => false;

    public string Sandbox => _launcher.Sandbox;

    public static CancellationToken Stop => GitGround.Stop;

    /// <summary>All that was said in the attempts' output.</summary>
    public string Said => string.Concat(
        Server.Calls.Where(call => call.Call.EndsWith("/output", StringComparison.Ordinal)).Select(call => Encoding.UTF8.GetString(call.Body)));

    public WorkOrderView NewOrder()
    {
        var order = Orders.New();
        return order with { Task = order.Task with { RepositoryUrl = _source } };
    }

    public WorkspaceMaker Maker() => new(_git.Mirrors, this, Link, Attempts);

    public AttemptRunner NewRunner(Deletions deletions) => new(
        Link, Outbox, Maker(), NoCalls(), Runtimes, this, deletions, Options(), Time, NullLogger<AttemptRunner>.Instance);

    public CheckpointKeeper NewKeeper(Workspace workspace) => new(
        new CheckpointSource(workspace, this, () => "s-1"), Link, (_, _) => Task.CompletedTask, Options().MaxBundleBytes, Time, NullLogger.Instance);

    public Salvage NewSalvage() => new(Attempts, _git.Mirrors, this, Link, Runtimes, Options().MaxBundleBytes, Time, NullLogger.Instance);

    public string Git(Workspace workspace, params string[] arguments) => _git.Git(workspace.Clone, arguments);

    public bool IsAncestor(Workspace workspace, string commit, string of) =>
        _git.TryGit(workspace.Clone, "merge-base", "--is-ancestor", commit, of).ExitCode == 0;

    public static string Json(object value) => JsonSerializer.Serialize(value, value.GetType(), VineJson.Options);

    public async Task<IAgentRun> StartAsync(AgentLaunch launch, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Work(launch.WorkingDirectory);
        return new AgentStandIn(new AgentTurnEnded("Done.", Failure: null, Interrupted: false, CostUsd: 0, TokenCount.Zero), new AgentExited(0, null));
    }

    public async Task<long> CopyAsync(TranscriptPlace place, Stream destination, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(Conversation ?? throw new TranscriptException("It is not there."));
        await destination.WriteAsync(bytes, cancellationToken);
        return bytes.Length;
    }

    public Task PlaceAsync(TranscriptPlace place, Stream transcript, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IAgentProcess> StartAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        await BeforeStart(spec, cancellationToken);
        return await _launcher.StartAsync(spec, cancellationToken);
    }

    public void Dispose()
    {
        Outbox.Dispose();
        _folder.Dispose();
        _git.Dispose();
    }

    private ModelCalls NoCalls() => new(
        new ModelAccounts([], _ => this), gateway: null, new PriceTable(new Dictionary<string, ModelPrice>()), Link, Time, NullLogger<ModelCalls>.Instance);

    private WorkerOptions Options() => new() { Name = "one", Server = Link.Client.Server, Key = "k", Folder = _git.Root };

    private (HttpStatusCode Status, string Body) Answer(string call) => Says(call) ?? call.Split('/')[^1] switch
    {
        "output" => (HttpStatusCode.OK, """{"stored":1}"""),
        "branch" => (HttpStatusCode.OK, Json(new StoreBranchResponse("vine/task", new string('b', 40), new DiffStat(1, 1, 0)))),
        "checkpoint" => (HttpStatusCode.OK, Json(Stored())),
        "complete" or "fail" or "park" => (HttpStatusCode.OK, Json(new EndResponse(AgentTaskStatus.Completed, Next: null))),
        _ => (HttpStatusCode.NoContent, ""),
    };

    private static CheckpointView Stored() => new()
    {
        ExecutionId = Guid.NewGuid(),
        N = 1,
        TaskId = Guid.NewGuid(),
        Attempt = 1,
        TranscriptBytes = 0,
        Commit = new string('a', 40),
        HeadCommit = new string('a', 40),
        BaseCommit = new string('a', 40),
        Trigger = CheckpointTrigger.Tool,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };
}

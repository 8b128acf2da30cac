using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using AgentVine.Client;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;

namespace AgentVine.Chaos.Fleet;

/// <summary>
/// The product in processes of its own, as on several hosts: a server, workers with data folders of their own, a repository made by
/// git, a scripted model that outlives them all, a live reader of the event log and a person who answers.
/// </summary>
internal sealed class ChaosFleet : IAsyncDisposable
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);
    private const int LinesOfLog = 25;
    private readonly string _folder;
    private readonly int _port;
    private readonly bool _keep;
    private readonly IReadOnlyList<PosixSignalRegistration> _signals;
    private readonly List<(string Name, VineProcess Process)> _past = [];
    private readonly List<DateTimeOffset> _serverStarts = [];

    private ChaosFleet(string folder, TestRepository repository, ScriptedModelServer model, IServerKind kind, bool keep)
    {
        (_folder, Repository, Model, Kind, _keep) = (folder, repository, model, kind, keep);
        _port = FreePort();
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, _ => Abandon()))];
        Workers = [.. Enumerable.Range(1, 3).Select(n => new WorkerPlace($"w{n}", Path.Join(folder, $"host-{n}")))];
    }

    public IServerKind Kind { get; }

    public TestRepository Repository { get; }

    public ScriptedModelServer Model { get; }

    public IReadOnlyList<WorkerPlace> Workers { get; }

    public VineProcess Server { get; private set; } = null!;

    public Api Api { get; private set; } = null!;

    public Journal Journal { get; private set; } = null!;

    public Person Person { get; private set; } = null!;

    /// <summary>When each process of the server was started.</summary>
    public IReadOnlyList<DateTimeOffset> ServerStarts => _serverStarts;

    /// <summary>The server's data folder.</summary>
    public string ServerFolder => Kind.Folder ?? Path.Join(_folder, "server");

    public string Folder => _folder;

    public static async Task<ChaosFleet> StartAsync(IServerKind kind, bool keep)
    {
        var folder = Directory.CreateTempSubdirectory("vine-chaos-").FullName;
        var model = await ScriptedModelServer.StartAsync(new ScriptedModelOptions(), CancellationToken.None);
        var fleet = new ChaosFleet(folder, await TestRepository.CreateAsync(Path.Join(folder, "repository")), model, kind, keep);
        try
        {
            await fleet.StartServerAsync(fault: null);
            fleet.Api = new Api(fleet.Url, new LocalServer(fleet.ServerFolder).ReadKey()!);
            fleet.Journal = new Journal(fleet.Api);
            fleet.Person = new Person(fleet.Api, fleet.Journal);
            foreach (var worker in fleet.Workers)
            {
                fleet.StartWorker(worker, fault: null);
            }

            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server; it answers when this returns.</summary>
    public async Task StartServerAsync(string? fault)
    {
        _serverStarts.Add(TimeProvider.System.GetUtcNow());
        var settings = Settings(ServerFolder, fault);
        Server = Kind.Start(["serve", "--port", $"{_port}"], settings);
        _past.Add(("server", Server));
        await UntilAsync(() => Task.FromResult(ServerFile.Read(ServerFolder) is { } file && file.Pid == Server.Id || Server.HasExited), "the server answers");
        if (Server.HasExited)
        {
            throw new InvalidOperationException($"The server did not start:\n{Server.Log}");
        }
    }

    public void StartWorker(WorkerPlace worker, string? fault)
    {
        var settings = Settings(worker.Folder, fault);
        settings["VINE_SERVER"] = Url.ToString();
        settings["VINE_API_KEY"] = new LocalServer(ServerFolder).ReadKey()!;
        settings["ANTHROPIC_BASE_URL"] = Model.BaseUrl.ToString();
        settings["ANTHROPIC_API_KEY"] = "sk-ant-of-no-account-at-all";
        worker.Process = VineProcess.Start(["worker", "--name", worker.Name, "--slots", "2"], settings);
        _past.Add((worker.Name, worker.Process));
    }

    /// <summary>Ends a process in order, and at once: what runs is handed back.</summary>
    public static async Task StopAsync(VineProcess process)
    {
        if (process.HasExited)
        {
            return;
        }

        // Two signals at once are one: the second is sent until it is heard.
        process.Terminate();
        await UntilAsync(
            async () =>
            {
                await Task.Delay(Look * 8, TimeProvider.System);
                if (!process.HasExited)
                {
                    process.Terminate();
                }

                return process.HasExited;
            },
            "a process ends that was asked to");
    }

    /// <summary>Looks until it is so.</summary>
    /// <exception cref="TimeoutException">It did not become so.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        using var enough = new CancellationTokenSource(patience ?? Patience, TimeProvider.System);
        while (!await condition())
        {
            if (enough.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited in vain until {what}.");
            }

            await Task.Delay(Look, TimeProvider.System);
        }
    }

    /// <summary>The last words of every process so far.</summary>
    public IEnumerable<string> Logs() =>
        _past.Select(past => $"--- {past.Name} ({past.Process.Id})\n{string.Join('\n', past.Process.Log.Split('\n').TakeLast(LinesOfLog).Select(line => line[..Math.Min(line.Length, 400)]))}");

    /// <summary>Where the server keeps what is handed back, once it has something; all tasks are of one repository.</summary>
    public string ServersRepository
    {
        get
        {
            var folder = Path.Join(ServerFolder, "repositories");
            return (Directory.Exists(folder) ? Directory.EnumerateDirectories(folder, "*.git").SingleOrDefault() : null) ?? Path.Join(folder, "none.git");
        }
    }

    /// <summary>The live processes of this fleet's agents, each with its execution; others' may run on the machine.</summary>
    public IReadOnlyList<(int Pid, string Execution)> AgentProcesses()
    {
        var own = Journal.All.Where(fact => fact.Execution is not null).Select(fact => fact.Execution!).ToHashSet();
        return [.. Processes.OfAgents().Where(process => own.Contains(process.Execution))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        foreach (var worker in Workers.Where(worker => worker.IsAlive))
        {
            worker.Process!.Kill();
        }

        await (Person?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Journal?.DisposeAsync() ?? ValueTask.CompletedTask);
        Api?.Dispose();
        if (Server is { HasExited: false })
        {
            Server.Kill();
        }

        _past.ForEach(past => past.Process.Dispose());
        await Model.DisposeAsync();
        await Kind.DisposeAsync();
        if (!_keep)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    // A run that is ended from outside disposes nothing.
    private void Abandon()
    {
        foreach (var (_, process) in _past.ToList().Where(past => !past.Process.HasExited))
        {
            Processes.Kill(process.Id);
        }

        Kind.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }

    private Uri Url => new($"http://127.0.0.1:{_port}");

    private static Dictionary<string, string> Settings(string folder, string? fault)
    {
        var settings = new Dictionary<string, string>
        {
            ["VINE_DATA"] = folder,
            ["VINE_WORKERS__HEARTBEAT_INTERVAL"] = $"{Beat.TotalSeconds}",
            ["VINE_WORKERS__LEASE"] = $"{Lease.TotalSeconds}",
            ["VINE_REQUESTS__PARK_AFTER"] = "4",
            ["VINE_CLAUDE_PATH"] = RealAgent.Program ?? "/nonexistent/claude",
            ["NO_COLOR"] = "1",
        };
        if (fault is not null)
        {
            settings["VINE_FAULT_POINT"] = fault;
        }

        return settings;
    }

    // Below the ports that outgoing connections get: while the server is away, nothing else may come to listen there.
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(15_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                continue;
            }
        }
    }
}

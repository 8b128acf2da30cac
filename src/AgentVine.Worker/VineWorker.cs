using AgentVine.Client;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using AgentVine.Git;
using AgentVine.Git.Mirrors;
using AgentVine.Runtimes;
using AgentVine.Runtimes.ClaudeCode;
using AgentVine.Runtimes.Command;
using AgentVine.Runtimes.Processes;
using AgentVine.Runtimes.Rehearsal;
using AgentVine.Worker.Accounts;
using AgentVine.Worker.Gateway;
using AgentVine.Worker.Outbox;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

/// <summary>A worker, put together: sandbox, runtimes, mirrors, and the host that claims and runs.</summary>
public sealed partial class VineWorker : IDisposable
{
    private readonly VineClient _client;
    private readonly WorkerOutbox _outbox;
    private readonly WorkerFolder _folder;
    private readonly ModelGateway? _gateway;
    private readonly WorkerHost _host;

    private VineWorker(WorkerFolder folder, VineClient client, WorkerOutbox outbox, ModelGateway? gateway, WorkerHost host) =>
        (_folder, _client, _outbox, _gateway, _host) = (folder, client, outbox, gateway, host);

    /// <summary>Executions of which the server has not heard everything that this worker has to tell.</summary>
    public IReadOnlyList<Guid> Untold => _outbox.Untold;

    /// <summary>Makes a worker: kills what an earlier run of it left, tries the sandbox, and looks which runtimes work here.</summary>
    /// <param name="options">The worker.</param>
    /// <param name="claude">How Claude Code is found and which model account it uses.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">What it says, the missing sandbox and runtimes among it, loudly.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AgentLaunchException">
    /// The sandbox that was asked for does not work here, or another worker has this one's folder; the message says what to do.
    /// </exception>
    public static async Task<VineWorker> CreateAsync(
        WorkerOptions options, ClaudeCodeOptions claude, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var folder = WorkerFolder.Take(Path.Join(options.Folder, "workers", FolderName(options.Name)), options.Name);
        try
        {
            return await CreateAsync(folder, options, claude, time, loggers, cancellationToken);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Works until <paramref name="drain"/> (finish what runs) or <paramref name="stop"/> (hand it back); then deregisters.</summary>
    public async Task RunAsync(CancellationToken drain, CancellationToken stop)
    {
        await using var gateway = _gateway;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(drain, stop);
        try
        {
            await (gateway?.StartAsync(either.Token) ?? Task.CompletedTask);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return;
        }

        await _host.RunAsync(drain, stop);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _outbox.Dispose();
        _client.Dispose();
        _folder.Dispose();
    }

    private static async Task<VineWorker> CreateAsync(
        WorkerFolder folder, WorkerOptions options, ClaudeCodeOptions claude, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger<VineWorker>();
        var leftovers = new LeftoverProcesses(Path.Join(folder.Path, "processes"), time, logger);
        await leftovers.KillAsync(cancellationToken);
        var attempts = Path.Join(folder.Path, "attempts");
        var launcher = await LauncherAsync(options, leftovers, time, logger, cancellationToken);
        var runtimes = await RuntimesAsync(options, claude, time, loggers, logger, cancellationToken);
        var accounts = Accounts(options, claude, runtimes, time, loggers);
        var client = new VineClient(new VineClientOptions { Server = options.Server, Key = options.Key, TimeProvider = time, ReplaceNul = true });
        var server = new ServerLink(client, time, loggers.CreateLogger<ServerLink>());
        var git = new GitRunner(new GitOptions(), time, loggers.CreateLogger<GitRunner>());
        var mirrors = new MirrorStore(Path.Join(options.Folder, "mirrors"), git, time, loggers.CreateLogger<Mirror>());
        var outbox = Outbox(Path.Join(folder.Path, "outbox.db"), server, time, loggers);
        var socket = launcher.CutsNetwork && !options.OpenNetwork ? GatewaySocket.In(folder.Path) : null;
        var gateway = Gateway(options, accounts, socket, time, loggers);
        var deletions = new Deletions();
        var runner = new AttemptRunner(
            server,
            outbox,
            new WorkspaceMaker(mirrors, launcher, server, attempts),
            new ModelCalls(accounts, gateway, new PriceTable(options.Prices), server, time, loggers.CreateLogger<ModelCalls>()),
            runtimes,
            launcher,
            deletions,
            options,
            time,
            loggers.CreateLogger<AttemptRunner>());
        var registration = Registration(options, launcher, runtimes.Keys, accounts);
        var salvage = new Salvage(attempts, mirrors, launcher, server, runtimes, options.MaxBundleBytes, time, loggers.CreateLogger<Salvage>());
        var host = new WorkerHost(server, outbox, salvage, runner, deletions, registration, time, loggers.CreateLogger<WorkerHost>());
        return new VineWorker(folder, client, outbox, gateway, host);
    }

    // Accounts are of use to the agent program that calls by them, where it is there.
    private static ModelAccounts Accounts(
        WorkerOptions options, ClaudeCodeOptions claude, IReadOnlyDictionary<string, IAgentRuntime> runtimes, TimeProvider time, ILoggerFactory loggers)
    {
        var all = options.Accounts.Count > 0 ? options.Accounts : ModelAccount.Of(claude);
        return new ModelAccounts(
            runtimes.ContainsKey(ClaudeCodeRuntime.RuntimeName) ? all : [],
            account => new ClaudeCodeRuntime(account.Apply(claude), time, loggers.CreateLogger<ClaudeCodeRuntime>()));
    }

    private static ModelGateway? Gateway(WorkerOptions options, ModelAccounts accounts, string? socket, TimeProvider time, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger<ModelGateway>();
        var behind = accounts.All.Where(ModelUpstream.IsFor).ToList();
        if (options.RecordFolder is { } folder && behind.Count > 0)
        {
            LogRecords(logger, options.Name, folder);
        }

        return behind.Count == 0 ? null : new ModelGateway(behind, Recorder(options, time, logger), socket, time, logger);
    }

    private static ExchangeRecorder? Recorder(WorkerOptions options, TimeProvider time, ILogger logger)
    {
        try
        {
            return options.RecordFolder is null ? null : new ExchangeRecorder(options.RecordFolder, time, logger);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AgentLaunchException(
                FailureKind.Transient, $"Model calls cannot be recorded in '{options.RecordFolder}': {fault.Message} Give this user the right to write it, or unset VINE_GATEWAY__RECORD.", fault);
        }
    }

    private static WorkerOutbox Outbox(string path, ServerLink server, TimeProvider time, ILoggerFactory loggers)
    {
        try
        {
            return new WorkerOutbox(path, server, time, loggers.CreateLogger<WorkerOutbox>());
        }
        catch (Exception fault) when (fault is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new AgentLaunchException(
                FailureKind.Transient,
                $"The worker's outbox '{path}' cannot be opened: {fault.Message} Give this user the right to write it and its folder, and look whether their disk is full.",
                fault);
        }
    }

    private static async Task<IProcessLauncher> LauncherAsync(
        WorkerOptions options, LeftoverProcesses leftovers, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var choice = await ProcessLaunchers.CreateAsync(
            options.Sandbox,
            new LauncherOptions { TimeProvider = time, Logger = logger, Leftovers = leftovers, ReadOnly = options.ReadOnlyFolders },
            cancellationToken);
        if (choice.Launcher.Sandbox == "none")
        {
            LogNoSandbox(logger, options.Name, choice.NotSandboxedBecause ?? "it was asked for");
        }

        return choice.Launcher;
    }

    private static async Task<IReadOnlyDictionary<string, IAgentRuntime>> RuntimesAsync(
        WorkerOptions options, ClaudeCodeOptions claude, TimeProvider time, ILoggerFactory loggers, ILogger logger, CancellationToken cancellationToken)
    {
        var runtimes = new List<IAgentRuntime> { new RehearsalRuntime(time) };
        if (options.Commands.Count > 0)
        {
            runtimes.Add(new CommandRuntime(options.Commands));
        }

        try
        {
            await ClaudeCodeProbe.FindAsync(claude.Program, time, cancellationToken);
            runtimes.Insert(0, new ClaudeCodeRuntime(claude, time, loggers.CreateLogger<ClaudeCodeRuntime>()));
        }
        catch (AgentLaunchException missing)
        {
            LogNoClaude(logger, options.Name, missing.Message);
        }

        return runtimes.ToDictionary(runtime => runtime.Name);
    }

    private static RegisterWorkerRequest Registration(WorkerOptions options, IProcessLauncher launcher, IEnumerable<string> runtimes, ModelAccounts accounts) => new()
    {
        Name = options.Name,
        Slots = options.Slots,
        MaxConcurrentTasks = null,
        Protocol = WorkerProtocol.Version,
        Runtimes = [.. runtimes],
        Accounts = [.. accounts.All.Select(account => account.ToRegistration())],
        Type = options.Type,
        Specializations = options.Specializations,
        Permissions = options.Permissions,
        Labels = options.Labels,
        ContextWindow = options.ContextWindow,
        Sandbox = launcher.Sandbox,
        Version = typeof(VineWorker).Assembly.GetName().Version!.ToString(3),
        Host = Environment.MachineName,
    };

    private static string FolderName(string name) =>
        string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' ? character : '_'));

    [LoggerMessage(Level = LogLevel.Warning, Message = "WORKER {Name} RUNS ITS AGENTS WITHOUT A SANDBOX: they can read and write whatever this user can, run.key among it. Reason: {Reason}")]
    private static partial void LogNoSandbox(ILogger logger, string name, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Name} records all that its agents and their models say, prompts and code, in {Folder}.")]
    private static partial void LogRecords(ILogger logger, string name, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Name} takes no claude-code tasks: {Reason}")]
    private static partial void LogNoClaude(ILogger logger, string name, string reason);
}

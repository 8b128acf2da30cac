using AgentVine.Cli;
using AgentVine.Cli.Settings;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Conversations;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Sessions;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Workers;

namespace AgentVine.Host.Server;

/// <summary>All that a server is told.</summary>
internal sealed record ServerOptions
{
    public required string DataFolder { get; init; }

    public required string Url { get; init; }

    public required AccessMode? Auth { get; init; }

    /// <summary><c>VINE_API_KEY</c>, where somebody set it.</summary>
    public required string? ApiKey { get; init; }

    public required TasksOptions Tasks { get; init; }

    public required WorkersOptions Workers { get; init; }

    public SessionsOptions Sessions { get; init; } = new();

    public RequestsOptions Requests { get; init; } = new();

    public AccountsOptions Accounts { get; init; } = new();

    /// <summary>Opens the store; SQLite in the data folder when there is none.</summary>
    public Func<TimeProvider, ILoggerFactory, IStore>? OpenStore { get; init; }

    public required LogLevel LogLevel { get; init; }

    public required bool LogJson { get; init; }

    public static ServerOptions From(VineSettings settings)
    {
        var tasks = new TasksOptions
        {
            DefaultRuntime = settings.Text("runtime") ?? new TasksOptions().DefaultRuntime,
            DeadLetterKept = TimeSpan.FromDays(settings.Number("queue.dead_letter_days", 7, 1, 3650)),
        };
        var workers = new WorkersOptions
        {
            HeartbeatInterval = settings.Duration("workers.heartbeat_interval", new WorkersOptions().HeartbeatInterval),
            Lease = settings.Duration("workers.lease", new WorkersOptions().Lease),
            StallAfter = settings.Duration("workers.stall_after", new WorkersOptions().StallAfter),
        };
        var sessions = new SessionsOptions
        {
            MaxIdleTime = settings.Duration("sessions.max_idle_time", new SessionsOptions().MaxIdleTime),
            MaxSessionAge = settings.Duration("sessions.max_session_age", new SessionsOptions().MaxSessionAge),
            ReuseForSimilarTasks = settings.Choice("sessions.reuse_for_similar_tasks", "true", "true", "false") == "true",
            ContextPreservation = settings.Choice("sessions.context_preservation", "true", "true", "false") == "true",
        };
        var requests = new RequestsOptions
        {
            Timeout = settings.Duration("requests.timeout", new RequestsOptions().Timeout),
            ParkAfter = settings.Duration("requests.park_after", new RequestsOptions().ParkAfter),
        };
        if (tasks.Faults().Concat(workers.Faults()).Concat(sessions.Faults()).Concat(requests.Faults()).ToList() is { Count: > 0 } faults)
        {
            throw new CommandException(ExitCode.Usage, string.Join(" ", faults));
        }

        var (level, json) = Logging.Read(settings);
        return new ServerOptions
        {
            DataFolder = settings.Local.DataFolder,
            Url = settings.Find("port") is null
                ? settings.Text("url") ?? "http://127.0.0.1:8000"
                : $"http://127.0.0.1:{settings.Number("port", 8000, 0, 65_535)}",
            Auth = settings.Find("auth") is null
                ? null
                : settings.Choice("auth", "loopback", "loopback", "required") == "required" ? AccessMode.Required : AccessMode.Loopback,
            ApiKey = settings.Text("api_key"),
            Tasks = tasks,
            Workers = workers,
            Sessions = sessions,
            Requests = requests,
            Accounts = new AccountsOptions { DayBudgetUsd = settings.Amount("budgets.day_usd") },
            LogLevel = level,
            LogJson = json,
        };
    }
}

using AgentVine.Cli;
using AgentVine.Cli.Settings;
using AgentVine.Runtimes.ClaudeCode;
using AgentVine.Runtimes.Processes;
using AgentVine.Worker;
using AgentVine.Worker.Accounts;

namespace AgentVine.Host.Workers;

/// <summary>A worker's options from flags, environment and files; the worker file is the weakest of them.</summary>
internal static class WorkerSettings
{
    private static readonly Dictionary<string, SandboxKind> Sandboxes = new(StringComparer.Ordinal)
    {
        ["auto"] = SandboxKind.Auto,
        ["bubblewrap"] = SandboxKind.Bubblewrap,
        ["none"] = SandboxKind.None,
    };

    /// <param name="settings">The settings.</param>
    /// <param name="environment">The program's environment: the keys of accounts that the worker file names are there.</param>
    /// <param name="server">The server to work for.</param>
    /// <param name="key">Its key.</param>
    /// <param name="number">Which one of several on this machine; null for a single one.</param>
    public static WorkerOptions From(VineSettings settings, IReadOnlyDictionary<string, string> environment, Uri server, string key, int? number)
    {
        var file = ReadFile(settings);
        var name = settings.Text("name") ?? file.Name ?? Environment.MachineName;
        if (name.Length is 0 or > 90)
        {
            throw new CommandException(ExitCode.Usage, $"the worker's name has {name.Length} characters; it must be 1 to 90");
        }

        var options = new WorkerOptions
        {
            Name = number is null ? name : $"{name}-{number}",
            Slots = settings.Number("slots", file.MaxConcurrentTasks ?? 1, 1, 256),
            Server = server,
            Key = key,
            Folder = Path.Join(settings.Local.DataFolder, "worker"),
            Sandbox = Sandboxes[settings.Find("sandbox") is null && file.Sandbox is { } fromFile
                ? CheckedSandbox(fromFile)
                : settings.Choice("sandbox", "auto", Sandboxes.Keys)],
            OpenNetwork = Network(settings, file) == "open",
            Type = file.Type,
            Specializations = file.Specializations,
            Permissions = file.Permissions,
            Labels = file.Labels,
            ContextWindow = file.ContextWindow,
            Timeout = file.Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Commands = file.ToPrograms(),
            ReadOnlyFolders = file.ReadOnlyFolders,
            Accounts = [.. file.Accounts.Select(account => Account(account, environment))],
            Prices = file.ToPrices(),
            RecordFolder = settings.Text("gateway.record") is { } folder ? Path.GetFullPath(folder) : null,
        };
        return options with
        {
            MaxOutput = file.MaxOutputMib is { } output ? output * 1024L * 1024 : options.MaxOutput,
            MaxDiskBytes = file.MaxDiskGib is { } disk ? disk * 1024L * 1024 * 1024 : options.MaxDiskBytes,
        };
    }

    private static string Network(VineSettings settings, WorkerFile file)
    {
        string[] kinds = ["auto", "open"];
        if (settings.Find("network") is not null || file.Network is not { } fromFile)
        {
            return settings.Choice("network", "auto", kinds);
        }

        return kinds.Contains(fromFile)
            ? fromFile
            : throw new CommandException(ExitCode.Usage, $"the worker file's network is '{fromFile}'; it must be one of {string.Join(", ", kinds)}");
    }

    /// <summary>The model account and program of Claude Code, from the worker's own environment.</summary>
    public static ClaudeCodeOptions Claude(CommandRun run)
    {
        string? Variable(string name) => run.Context.Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
        var baseUrl = Variable("ANTHROPIC_BASE_URL");
        if (baseUrl is not null && !Uri.TryCreate(baseUrl, UriKind.Absolute, out _))
        {
            throw new CommandException(ExitCode.Usage, $"ANTHROPIC_BASE_URL is '{baseUrl}', but it must be an absolute URL");
        }

        return new ClaudeCodeOptions
        {
            Program = run.Settings.Text("claude_path"),
            BaseUrl = baseUrl is null ? null : new Uri(baseUrl),
            ApiKey = Variable("ANTHROPIC_API_KEY"),
            AuthToken = Variable("ANTHROPIC_AUTH_TOKEN"),
            OAuthToken = Variable("CLAUDE_CODE_OAUTH_TOKEN"),
        };
    }

    private static ModelAccount Account(WorkerFile.AccountEntry entry, IReadOnlyDictionary<string, string> environment)
    {
        string? Secret(string? variable) => variable is null ? null
            : environment.TryGetValue(variable, out var value) && value.Length > 0 ? value
            : throw new CommandException(ExitCode.Usage, $"the worker file's account '{entry.Name}' has its secret in {variable}, which is not set; set it, or take the account out");

        return new ModelAccount
        {
            Name = entry.Name!,
            ApiKey = Secret(entry.ApiKeyEnv),
            AuthToken = Secret(entry.AuthTokenEnv),
            OAuthToken = Secret(entry.OauthTokenEnv),
            BaseUrl = entry.BaseUrl is null ? null : new Uri(entry.BaseUrl),
        };
    }

    private static WorkerFile ReadFile(VineSettings settings)
    {
        if (settings.Text("worker_file") is not { } path)
        {
            return new WorkerFile();
        }

        try
        {
            return WorkerFile.Read(path);
        }
        catch (FormatException fault)
        {
            throw new CommandException(ExitCode.Usage, fault.Message, fault);
        }
    }

    private static string CheckedSandbox(string kind) => Sandboxes.ContainsKey(kind)
        ? kind
        : throw new CommandException(ExitCode.Usage, $"the worker file's sandbox is '{kind}'; it must be one of {string.Join(", ", Sandboxes.Keys)}");
}

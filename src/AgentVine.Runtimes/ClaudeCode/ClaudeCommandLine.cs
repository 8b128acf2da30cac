using System.Globalization;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>What Claude Code is started with. No secret is among the arguments: every process of the machine can read them.</summary>
internal static class ClaudeCommandLine
{
    // They outlive the turn, move the agent out of its clone, or leave the work in another one.
    private static readonly string[] Unfit = ["CronCreate", "CronDelete", "CronList", "ScheduleWakeup", "EnterWorktree", "ExitWorktree"];

    private static readonly string[] Writing = ["Write", "Edit", "NotebookEdit", "Bash", "PowerShell", "Monitor"];

    public static IReadOnlyList<string> Arguments(AgentLaunch launch, ClaudeCodeOptions options)
    {
        List<string> arguments =
        [
            "--verbose",
            "--input-format", "stream-json",
            "--output-format", "stream-json",
            "--permission-prompt-tool", "stdio",
            "--setting-sources", "",
            "--strict-mcp-config",
            "--add-dir", launch.WorkingDirectory,
            launch.Resume ? "--resume" : "--session-id", launch.SessionId.ToString(),
            "--disallowedTools", .. Unfit, .. launch.ReadOnly ? Writing : [],
        ];
        if (launch.Model is { } model)
        {
            arguments.Add($"--model={model}");
        }

        string[] allowed = launch.Mcp is null ? [.. options.AllowedTools] : [.. options.AllowedTools, $"mcp__{ClaudeFleetTools.ServerName}"];
        if (allowed.Length > 0)
        {
            arguments.AddRange(["--allowedTools", .. allowed]);
        }

        return arguments;
    }

    public static IReadOnlyDictionary<string, string> Environment(AgentLaunch launch, ClaudeCodeOptions options)
    {
        var environment = new Dictionary<string, string>
        {
            ["CLAUDE_CONFIG_DIR"] = Path.Combine(launch.StateDirectory, ClaudeTranscripts.Configuration),
            ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
            ["DISABLE_AUTOUPDATER"] = "1",
            ["DISABLE_TELEMETRY"] = "1",
            ["DISABLE_ERROR_REPORTING"] = "1",
            ["CLAUDE_CODE_MAX_RETRIES"] = options.MaxRetries.ToString(CultureInfo.InvariantCulture),

            // The one sure sign of a turn's end: results alone do not tell whether another one follows.
            ["CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS"] = "1",

            // With --add-dir: the repository's CLAUDE.md is read, its settings (hooks, environment, permissions) are not.
            ["CLAUDE_CODE_ADDITIONAL_DIRECTORIES_CLAUDE_MD"] = "1",

            // A call of ask_human lasts as long as a person takes.
            ["MCP_TOOL_TIMEOUT"] = Milliseconds(options.McpCallTimeout),
            ["CLAUDE_CODE_MCP_TOOL_IDLE_TIMEOUT"] = "0",
        };
        AddAccount(environment, launch, options);
        foreach (var (name, value) in options.Environment)
        {
            environment[name] = value;
        }

        return environment;
    }

    // Behind a gateway the agent has nothing of the account.
    private static void AddAccount(Dictionary<string, string> environment, AgentLaunch launch, ClaudeCodeOptions options)
    {
        var gateway = launch.ModelAccess;
        Add(environment, "ANTHROPIC_BASE_URL", (gateway?.Url ?? options.BaseUrl)?.ToString().TrimEnd('/'));
        Add(environment, "ANTHROPIC_API_KEY", gateway?.Token ?? options.ApiKey);
        Add(environment, "ANTHROPIC_UNIX_SOCKET", gateway?.Socket);
        if (gateway is null)
        {
            Add(environment, "ANTHROPIC_AUTH_TOKEN", options.AuthToken);
            Add(environment, "CLAUDE_CODE_OAUTH_TOKEN", options.OAuthToken);
        }
    }

    private static void Add(Dictionary<string, string> environment, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            environment[name] = value;
        }
    }

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}

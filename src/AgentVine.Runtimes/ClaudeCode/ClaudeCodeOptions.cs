namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>How a worker runs Claude Code.</summary>
public sealed record ClaudeCodeOptions
{
    /// <summary>The program: a full path, or null for <c>claude</c> on the <c>PATH</c>.</summary>
    public string? Program { get; init; }

    /// <summary>Where the model is called, <c>ANTHROPIC_BASE_URL</c>; the provider's own address when null.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>The model account's key, <c>ANTHROPIC_API_KEY</c>; a secret.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The model account's bearer token, <c>ANTHROPIC_AUTH_TOKEN</c>; a secret.</summary>
    public string? AuthToken { get; init; }

    /// <summary>The token of a subscription login, <c>CLAUDE_CODE_OAUTH_TOKEN</c>; a secret.</summary>
    public string? OAuthToken { get; init; }

    /// <summary>
    /// How often Claude Code itself repeats a failed model call. Low, because the queue tries a task again, with a delay that people see;
    /// its own default keeps an agent silent for three minutes.
    /// </summary>
    public int MaxRetries { get; init; } = 2;

    /// <summary>Tools that run without asking, in Claude Code's own notation, beyond what it allows by itself.</summary>
    public IReadOnlyList<string> AllowedTools { get; init; } = [];

    /// <summary>How long a turn stays open for commands and agents that it left in the background; what still runs then is stopped.</summary>
    public TimeSpan BackgroundWait { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a call of the <c>vine</c> MCP server may last: a person may be asked.</summary>
    public TimeSpan McpCallTimeout { get; init; } = TimeSpan.FromHours(24);

    /// <summary>More environment of the program; wins over what the driver sets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    internal IEnumerable<string> Secrets => new[] { ApiKey, AuthToken, OAuthToken }.OfType<string>();
}

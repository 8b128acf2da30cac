namespace AgentVine.Cli;

/// <summary>Every exit code of <c>vine</c>. Scripts rely on them: a meaning never moves to another number.</summary>
public enum ExitCode
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>It was tried and did not succeed; for a followed task: it failed or was cancelled.</summary>
    Failed = 1,

    /// <summary>The command line or a setting is wrong.</summary>
    Usage = 2,

    /// <summary>No server answers.</summary>
    Unreachable = 3,

    /// <summary>What was named is not there.</summary>
    NotFound = 4,

    /// <summary>The server refused: the state does not allow it.</summary>
    Refused = 5,

    /// <summary>The key is missing or wrong.</summary>
    Unauthorized = 6,

    /// <summary>Ended by Ctrl-C or SIGTERM.</summary>
    Interrupted = 130,
}

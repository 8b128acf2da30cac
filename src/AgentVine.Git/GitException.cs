namespace AgentVine.Git;

/// <summary>A git command failed. The message is for people: it names the command or the repository, and holds no credentials.</summary>
public sealed class GitException : Exception
{
    /// <summary>Makes one.</summary>
    public GitException(GitFailureKind kind, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        if (innerException is GitException cause)
        {
            (Verb, ExitCode, Errors, TimedOut) = (cause.Verb, cause.ExitCode, cause.Errors, cause.TimedOut);
        }
    }

    /// <summary>What it means for the next try.</summary>
    public GitFailureKind Kind { get; }

    /// <summary>Whether trying again later, with nothing changed, is of use.</summary>
    public bool IsTransient => Kind is GitFailureKind.Unreachable or GitFailureKind.Other;

    /// <summary>The git verb, as in <c>fetch</c>; empty where no command was run.</summary>
    public string Verb { get; init; } = "";

    /// <summary>Git's exit code; null where it did not end by itself.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The end of what git wrote to its standard error, without credentials and control characters.</summary>
    public string Errors { get; init; } = "";

    /// <summary>Whether it was stopped because its time was up.</summary>
    public bool TimedOut { get; init; }
}

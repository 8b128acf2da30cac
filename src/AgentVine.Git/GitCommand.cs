namespace AgentVine.Git;

/// <summary>One run of git. Arguments are passed as they are: no shell reads them.</summary>
public sealed record GitCommand
{
    /// <summary>The verb and what follows it.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Whose configuration it obeys.</summary>
    public GitProfile Profile { get; init; }

    /// <summary>The git folder; named outright, so that git neither searches for one nor asks who owns it.</summary>
    public string? Repository { get; init; }

    /// <summary>The working tree, for the commands that need one.</summary>
    public string? WorkTree { get; init; }

    /// <summary>Configuration on top of the profile's, for this command alone. Goes through the environment: other users cannot see it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Configuration { get; init; } = [];

    /// <summary>Variables on top of the profile's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Writes git's standard input, which is closed afterwards; nothing by default.</summary>
    public Func<Stream, CancellationToken, Task>? Input { get; init; }

    /// <summary>
    /// Reads git's standard output in place of taking it into memory. False: that is enough, git is stopped, and its exit code says nothing.
    /// </summary>
    public Func<Stream, CancellationToken, Task<bool>>? Output { get; init; }

    /// <summary>Exit codes that are no failure.</summary>
    public IReadOnlyList<int> ExitCodes { get; init; } = [0];

    /// <summary>How long it may take; <see cref="GitOptions.CommandTimeout"/> when null.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Texts that must not show up in an error.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    internal string Verb => Arguments.Count > 0 ? Arguments[0] : "";
}

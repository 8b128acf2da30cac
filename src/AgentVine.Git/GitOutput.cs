namespace AgentVine.Git;

/// <summary>What a command that did not fail left behind.</summary>
/// <param name="ExitCode">One of <see cref="GitCommand.ExitCodes"/>; -1 where its reader had enough and it was stopped.</param>
/// <param name="Text">Its standard output, unless the command had a reader for it.</param>
/// <param name="Errors">The end of its standard error, without credentials and control characters.</param>
public sealed record GitOutput(int ExitCode, string Text, string Errors)
{
    /// <summary>The lines of <see cref="Text"/>, without the empty ones.</summary>
    public IReadOnlyList<string> Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

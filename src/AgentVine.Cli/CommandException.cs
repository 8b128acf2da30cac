namespace AgentVine.Cli;

/// <summary>Ends a command with one line of words, which name the value, the rule and the next step.</summary>
public sealed class CommandException(ExitCode exitCode, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What the program ends with.</summary>
    public ExitCode ExitCode { get; } = exitCode;
}

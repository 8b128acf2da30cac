namespace AgentVine.Git.Clones;

/// <summary>A git command to be run inside an agent's sandbox, with the clone as its working directory: the program is <c>git</c>.</summary>
/// <param name="Arguments">Passed as they are, without a shell.</param>
/// <param name="Environment">Added to the sandbox's own environment.</param>
/// <param name="ExitCodes">Those that are no failure.</param>
public sealed record GitStep(
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<int> ExitCodes)
{
    /// <summary>Its standard input, a character for each byte (Latin-1); empty for most.</summary>
    public string Input { get; init; } = "";
}

namespace AgentVine.Git.Clones;

/// <summary>What a step ended with: the agent's word.</summary>
/// <param name="ExitCode">One of <see cref="GitStep.ExitCodes"/>.</param>
/// <param name="Text">Its standard output, a character for each byte (Latin-1): names of files need not be text.</param>
public sealed record GitStepOutput(int ExitCode, string Text);

namespace AgentVine.Cli.Commands.Doctor;

/// <summary>What a check found.</summary>
/// <param name="Outcome">Whether AgentVine can work like this.</param>
/// <param name="Detail">What is there, or what is wrong, in one sentence.</param>
/// <param name="NextStep">What to do about it, best a command to type; null when there is nothing to do.</param>
public sealed record DoctorResult(DoctorOutcome Outcome, string Detail, string? NextStep = null);

namespace AgentVine.Cli.Commands.Doctor;

/// <summary>Whether AgentVine can work with what a check found.</summary>
public enum DoctorOutcome
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, with something less.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Failed,
}

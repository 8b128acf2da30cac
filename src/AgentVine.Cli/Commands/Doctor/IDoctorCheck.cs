namespace AgentVine.Cli.Commands.Doctor;

/// <summary>One thing that <c>vine doctor</c> looks at. Checks run one after the other and change nothing.</summary>
public interface IDoctorCheck
{
    /// <summary>A word or two, as in <c>sandbox</c>.</summary>
    string Name { get; }

    /// <summary>Looks. An exception counts as failed, with its message.</summary>
    Task<DoctorResult> RunAsync(CancellationToken cancellationToken);
}

namespace AgentVine.Engine.Kernel;

/// <summary>An expected refusal, on its way to becoming problem details. Thrown inside a unit, it undoes the unit.</summary>
public sealed class ProblemException(int status, string code, string detail, IReadOnlyDictionary<string, IReadOnlyList<string>>? errors = null)
    : Exception(detail)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>One of <see cref="Contracts.ErrorCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>Field → rules that it breaks.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; } = errors;
}

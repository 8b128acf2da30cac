using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Sessions;

/// <summary>The body of <c>POST /api/v1/sessions</c>: the worker says which conversation works on an attempt. Repeating it updates it.</summary>
public sealed record OpenSessionRequest
{
    /// <summary>The attempt.</summary>
    [Required]
    public Guid? ExecutionId { get; init; }

    /// <summary>The fencing token of the attempt's lease.</summary>
    [Required]
    public long? LeaseToken { get; init; }

    /// <summary>The agent program's own session id.</summary>
    [Required, StringLength(200)]
    public string? SessionId { get; init; }

    /// <summary>The driver.</summary>
    [Required, StringLength(64)]
    public string? Runtime { get; init; }

    /// <summary>The model as the agent program names it.</summary>
    [StringLength(128)]
    public string? Model { get; init; }

    /// <summary>The target branch that the attempt started from: the repository's default where the task names none.</summary>
    [StringLength(255)]
    public string? TargetBranch { get; init; }
}

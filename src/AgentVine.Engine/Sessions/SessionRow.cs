using System.Globalization;
using AgentVine.Contracts;
using AgentVine.Contracts.Sessions;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Sessions;

/// <summary>A row of <c>sessions</c>.</summary>
internal sealed class SessionRow
{
    public Guid Id { get; init; }

    public string SessionId { get; init; } = "";

    public Guid TaskId { get; init; }

    public Guid ExecutionId { get; init; }

    public Guid WorkerId { get; init; }

    public string Runtime { get; init; } = "";

    public string? Model { get; init; }

    public string Status { get; init; } = "";

    public string? EndReason { get; init; }

    public string? CostUsd { get; init; }

    public long CreatedAt { get; init; }

    public long LastActivityAt { get; init; }

    public SessionView ToView() => new()
    {
        Id = Id,
        SessionId = SessionId,
        TaskId = TaskId,
        ExecutionId = ExecutionId,
        WorkerId = WorkerId,
        Runtime = Runtime,
        Model = Model,
        Status = VineJson.Parse<SessionStatus>(Status),
        EndReason = EndReason is null ? null : VineJson.Parse<SessionEndReason>(EndReason),
        CreatedAt = CreatedAt.Time(),
        LastActivityAt = LastActivityAt.Time(),
        TasksServed = 1,
        CostUsd = CostUsd is null ? null : decimal.Parse(CostUsd, CultureInfo.InvariantCulture),
    };
}

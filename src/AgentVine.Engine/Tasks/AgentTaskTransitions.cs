using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tasks;

/// <summary>The law of a task's states: a move that is not in this table does not happen.</summary>
public static class AgentTaskTransitions
{
    /// <summary>Every move there is, with when it is made. A null origin is creation.</summary>
    public static IReadOnlyList<AgentTaskTransition> All { get; } =
    [
        new(null, AgentTaskStatus.Queued, "created"),
        new(null, AgentTaskStatus.Blocked, "created while a dependency is unfinished"),
        new(AgentTaskStatus.Blocked, AgentTaskStatus.Queued, "its dependencies are completed"),
        new(AgentTaskStatus.Queued, AgentTaskStatus.Blocked, "given a dependency before it began"),
        new(AgentTaskStatus.Queued, AgentTaskStatus.InProgress, "claimed"),
        new(AgentTaskStatus.InProgress, AgentTaskStatus.Waiting, "a request is open"),
        new(AgentTaskStatus.Waiting, AgentTaskStatus.InProgress, "answered or withdrawn while the agent is there"),
        new(AgentTaskStatus.InProgress, AgentTaskStatus.Queued, "the attempt ended without a result"),
        new(AgentTaskStatus.Waiting, AgentTaskStatus.Queued, "the attempt ended without a result, or was parked and its answers are there"),
        new(AgentTaskStatus.InProgress, AgentTaskStatus.Completed, "work done; autonomous"),
        new(AgentTaskStatus.Waiting, AgentTaskStatus.Completed, "work done; autonomous"),
        new(AgentTaskStatus.InProgress, AgentTaskStatus.InReview, "work done; supervised or human-required"),
        new(AgentTaskStatus.Waiting, AgentTaskStatus.InReview, "work done; supervised or human-required"),
        new(AgentTaskStatus.InReview, AgentTaskStatus.Completed, "accepted"),
        new(AgentTaskStatus.InReview, AgentTaskStatus.Queued, "rejected with comments"),
        new(AgentTaskStatus.InProgress, AgentTaskStatus.Failed, "permanent error, or attempts used up"),
        new(AgentTaskStatus.Waiting, AgentTaskStatus.Failed, "permanent error, or attempts used up"),
        new(AgentTaskStatus.Failed, AgentTaskStatus.Queued, "requeued from the dead letter"),
        new(AgentTaskStatus.Queued, AgentTaskStatus.Cancelled, "cancelled"),
        new(AgentTaskStatus.Blocked, AgentTaskStatus.Cancelled, "cancelled"),
        new(AgentTaskStatus.InProgress, AgentTaskStatus.Cancelled, "cancelled"),
        new(AgentTaskStatus.Waiting, AgentTaskStatus.Cancelled, "cancelled"),
        new(AgentTaskStatus.InReview, AgentTaskStatus.Cancelled, "cancelled"),
        new(AgentTaskStatus.Failed, AgentTaskStatus.Cancelled, "cancelled"),
    ];

    /// <summary>Whether the table has the move.</summary>
    public static bool Allows(AgentTaskStatus? from, AgentTaskStatus to) => All.Any(move => move.From == from && move.To == to);

    internal static void Check(Guid taskId, AgentTaskStatus from, AgentTaskStatus to, string verb)
    {
        if (!Allows(from, to))
        {
            throw new ProblemException(
                409,
                ErrorCodes.TasksTransition,
                $"Task {taskId} is {VineJson.Name(from)}, and a task in that state cannot be {verb}. Look at it with GET /api/v1/tasks/{taskId}.");
        }
    }
}

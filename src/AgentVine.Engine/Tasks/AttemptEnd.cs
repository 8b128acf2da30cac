using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tasks;

/// <summary>What became of a worker's word that an attempt ended. A refusal is returned, not thrown: what it recorded is to be committed.</summary>
internal sealed record AttemptEnd
{
    public AgentTaskStatus? TaskStatus { get; private init; }

    public string? Refusal { get; private init; }

    public static AttemptEnd Taken(AgentTaskStatus status) => new() { TaskStatus = status };

    public static AttemptEnd Refused(string why) => new() { Refusal = why };

    /// <summary>The task's status, or the problem of the refusal.</summary>
    public AgentTaskStatus OrThrow() => TaskStatus ?? throw new ProblemException(409, ErrorCodes.QueueLeaseLost, Refusal!);
}

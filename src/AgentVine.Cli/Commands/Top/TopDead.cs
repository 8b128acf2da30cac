using AgentVine.Contracts.Tasks;

namespace AgentVine.Cli.Commands.Top;

/// <summary>A task that was given up.</summary>
internal sealed record TopDead(Guid TaskId, string Title, FailureCause? Cause, string Message, DateTimeOffset Since);

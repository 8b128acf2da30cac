using AgentVine.Contracts.Executions;

namespace AgentVine.Worker;

/// <summary>Stores checkpoints of one attempt at the server.</summary>
internal interface ICheckpoints
{
    /// <summary>Has a checkpoint taken soon; returns at once.</summary>
    void Note(CheckpointTrigger trigger);

    /// <summary>Takes transcript and files as they are now and stores them together.</summary>
    /// <returns>
    /// True when the server has a complete checkpoint that is no older than this call; for <see cref="CheckpointTrigger.Parked"/> with the
    /// conversation in it.
    /// </returns>
    Task<bool> KeepAsync(CheckpointTrigger trigger, CancellationToken cancellationToken);
}

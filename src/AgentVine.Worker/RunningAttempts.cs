using AgentVine.Contracts.Workers;

namespace AgentVine.Worker;

/// <summary>
/// The attempts that run here, and the commands for them. A command can arrive before its attempt, since the two come on connections
/// of their own: it waits here until the attempt is added.
/// </summary>
internal sealed class RunningAttempts
{
    private const int MostEarly = 200;
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, RunningAttempt> _running = [];
    private readonly Queue<WorkerCommand> _early = new();

    public IReadOnlyList<RunningAttempt> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _running.Values];
            }
        }
    }

    public void Add(RunningAttempt attempt)
    {
        lock (_gate)
        {
            var executionId = attempt.Lease.Order.ExecutionId;
            _running.Add(executionId, attempt);
            foreach (var command in _early.Where(command => command.ExecutionId == executionId))
            {
                attempt.Take(command);
            }
        }
    }

    public void Remove(RunningAttempt attempt)
    {
        lock (_gate)
        {
            _running.Remove(attempt.Lease.Order.ExecutionId);
        }
    }

    public void Take(WorkerCommand command)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(command.ExecutionId!.Value, out var attempt))
            {
                attempt.Take(command);
                return;
            }

            // Most of these are for attempts that have just ended; the few that are early come within moments.
            _early.Enqueue(command);
            if (_early.Count > MostEarly)
            {
                _early.Dequeue();
            }
        }
    }
}

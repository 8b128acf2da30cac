using System.Collections.Concurrent;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Executions;

/// <summary>Wakes readers that follow an execution's output: on new lines, and on its end, which is an event.</summary>
internal sealed class OutputSignal
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _waiters = new();

    public OutputSignal(IStore store) => store.EventsCommitted += (_, _) => TellAll();

    /// <summary>Completes at the next change; taken before looking, so that none is missed.</summary>
    public Task Changed(Guid executionId) =>
        _waiters.GetOrAdd(executionId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Tell(Guid executionId)
    {
        if (_waiters.TryRemove(executionId, out var waiter))
        {
            waiter.TrySetResult();
        }
    }

    private void TellAll()
    {
        foreach (var executionId in _waiters.Keys)
        {
            Tell(executionId);
        }
    }
}

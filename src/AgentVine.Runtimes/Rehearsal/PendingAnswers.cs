using System.Collections.Concurrent;
using AgentVine.Contracts.Conversations;

namespace AgentVine.Runtimes.Rehearsal;

/// <summary>The requests that a run waits for.</summary>
internal sealed class PendingAnswers
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource<RequestAnswer>> _pending = new();

    /// <summary>Registers a request before it is asked, so that no answer comes too early.</summary>
    public (Guid RequestId, Task<RequestAnswer> Answer) Open()
    {
        var requestId = Guid.NewGuid();
        var answer = new TaskCompletionSource<RequestAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[requestId] = answer;
        return (requestId, answer.Task);
    }

    /// <summary>False when nobody waits for it.</summary>
    public bool Answer(Guid requestId, RequestAnswer answer) =>
        _pending.TryRemove(requestId, out var pending) && pending.TrySetResult(answer);

    /// <summary>Nobody waits any more; returns the requests that this concerns.</summary>
    public IReadOnlyList<Guid> WithdrawAll() => [.. _pending.Keys.Where(requestId => _pending.TryRemove(requestId, out _))];
}

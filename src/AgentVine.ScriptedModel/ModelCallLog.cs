namespace AgentVine.ScriptedModel;

/// <summary>The newest calls that a simulated model received. Safe to use from any thread.</summary>
public sealed class ModelCallLog
{
    private const int Kept = 1000;

    private readonly Lock _lock = new();
    private readonly Queue<ModelCall> _calls = new();
    private TaskCompletionSource _changed = NewSignal();
    private long _count;

    /// <summary>Calls so far, forgotten ones included.</summary>
    public long Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>The kept calls, oldest first.</summary>
    public IReadOnlyList<ModelCall> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>The kept calls that <paramref name="script"/> answered.</summary>
    public IReadOnlyList<ModelCall> Of(string script) => [.. All.Where(call => call.Script == script)];

    /// <summary>Waits until a call that fits has been received, and returns the first.</summary>
    public async Task<ModelCall> WaitForAsync(Func<ModelCall, bool> fits, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_calls.FirstOrDefault(fits) is { } call)
                {
                    return call;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Numbers <paramref name="call"/> and counts which attempt at the same reply it is.</summary>
    internal ModelCall Add(ModelCall call)
    {
        lock (_lock)
        {
            var numbered = call with { N = ++_count, Attempt = 1 + _calls.Count(earlier => IsSameStep(earlier, call)) };
            _calls.Enqueue(numbered);
            if (_calls.Count > Kept)
            {
                _calls.Dequeue();
            }

            _changed.SetResult();
            _changed = NewSignal();
            return numbered;
        }
    }

    private static bool IsSameStep(ModelCall one, ModelCall other) =>
        (one.SessionId, one.Script, one.Step, one.MessageCount) == (other.SessionId, other.Script, other.Step, other.MessageCount);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

namespace AgentVine.ScriptedModel;

/// <summary>A place in a reply where the stream waits until the script's owner lets it on. Stays open once opened.</summary>
public sealed class Gate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a reply waits here for the first time.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Lets every reply through, now and later.</summary>
    public void Open() => _open.TrySetResult();

    internal Task PassAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        return _open.Task.WaitAsync(cancellationToken);
    }
}

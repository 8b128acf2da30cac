namespace AgentVine.Worker;

/// <summary>The folders of ended attempts that are being looked through and deleted, beside the attempts that run.</summary>
internal sealed class Deletions
{
    private readonly Lock _gate = new();
    private readonly List<Task> _underWay = [];

    /// <summary>Runs <paramref name="deletion"/>, which does not throw.</summary>
    public void Begin(Func<Task> deletion)
    {
        lock (_gate)
        {
            _underWay.RemoveAll(other => other.IsCompleted);
            _underWay.Add(Task.Run(deletion));
        }
    }

    /// <summary>Returns once those that have begun are over.</summary>
    public Task WhenDoneAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_underWay);
        }
    }
}

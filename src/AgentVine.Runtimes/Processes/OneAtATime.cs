namespace AgentVine.Runtimes.Processes;

/// <summary>Runs what it is given one after the other, in the order given.</summary>
internal sealed class OneAtATime
{
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    public Task RunAsync(Func<Task> work)
    {
        lock (_lock)
        {
            var run = AfterAsync(_last, work);
            _last = run;
            return run;
        }
    }

    private static async Task AfterAsync(Task previous, Func<Task> work)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await work();
    }
}

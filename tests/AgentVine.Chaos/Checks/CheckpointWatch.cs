using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos.Checks;

/// <summary>Looks, as soon as the log tells of a checkpoint, whether its files are there: one without them would resume an agent that believes in edits which are gone.</summary>
internal sealed class CheckpointWatch : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ChaosFleet _fleet;
    private readonly Findings _findings;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    public CheckpointWatch(ChaosFleet fleet, Findings findings)
    {
        (_fleet, _findings) = (fleet, findings);
        _watching = WatchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        var seen = 0L;
        while (!_stop.IsCancellationRequested)
        {
            if (await _fleet.Journal.WaitAsync(seen, fact => fact.Type == "execution.checkpoint_stored", Patience) is not { } stored)
            {
                continue;
            }

            seen = stored.Sequence;
            if (await Git.TryAsync(_fleet.ServersRepository, "cat-file", "-e", $"{stored["commit"]}^{{commit}}") is null)
            {
                _findings.Add(
                    "a checkpoint is whole",
                    $"the log told of checkpoint {stored["n"]} of execution {stored.Execution}, and its commit {stored["commit"]} was not at the server",
                    Evidence.Of(_fleet, stored.Task));
            }
        }
    }
}

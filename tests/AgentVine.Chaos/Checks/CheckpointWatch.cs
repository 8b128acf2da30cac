using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos.Checks;

/// <summary>Looks, as soon as the log tells of a checkpoint, whether its files are there: one without them would resume an agent that believes in edits which are gone.</summary>
internal sealed class CheckpointWatch : IAsyncDisposable
{
    private const string Stored = "execution.checkpoint_stored";
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

    /// <summary>Looks at all of them now.</summary>
    public async Task LookAsync()
    {
        for (long? after = 0; after is { } sequence;)
        {
            var page = await _fleet.Api.GetAsync($"/api/v1/events?types={Stored}&after={sequence}&limit=200", CancellationToken.None);
            after = null;
            foreach (var stored in page.Body.EnumerateArray().Select(json => new Fact(json)))
            {
                await LookAsync(stored);
                after = stored.Sequence;
            }
        }
    }

    private async Task WatchAsync()
    {
        var seen = 0L;
        while (!_stop.IsCancellationRequested)
        {
            if (await _fleet.Journal.WaitAsync(seen, fact => fact.Type == Stored, Patience) is { } stored)
            {
                seen = stored.Sequence;
                await LookAsync(stored);
            }
        }
    }

    private async Task LookAsync(Fact stored)
    {
        if (await Git.TryAsync(_fleet.ServersRepository, "cat-file", "-e", $"{stored["commit"]}^{{commit}}") is null)
        {
            _findings.Add(
                "a checkpoint is whole",
                $"the log tells of checkpoint {stored["n"]} of execution {stored.Execution}, and its commit {stored["commit"]} is not at the server",
                Evidence.Of(_fleet, stored.Task));
        }
    }
}

namespace AgentVine.Git.Mirrors;

/// <summary>
/// Runs work in rounds, one at a time. A caller gets the result of the first round that begins after it asked; all who ask while a round
/// runs share the next one. A round whose callers have all given up is cancelled.
/// </summary>
internal sealed class SharedRounds<T>(Func<CancellationToken, Task<T>> work)
{
    private readonly Lock _gate = new();
    private Round? _next;
    private bool _running;

    public async Task<T> JoinAsync(CancellationToken cancellationToken)
    {
        var round = Enter();
        try
        {
            return await round.Result.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            if (Leave(round))
            {
                await round.Abandoned.CancelAsync();
            }
        }
    }

    private Round Enter()
    {
        lock (_gate)
        {
            var round = _next is { Callers: > 0 } ? _next : _next = new Round();
            round.Callers++;
            if (!_running)
            {
                _running = true;
                _ = Task.Run(RunAsync);
            }

            return round;
        }
    }

    private bool Leave(Round round)
    {
        lock (_gate)
        {
            return --round.Callers == 0;
        }
    }

    private async Task RunAsync()
    {
        while (Begin() is { } round)
        {
            try
            {
                round.Result.SetResult(await work(round.Abandoned.Token));
            }
            catch (OperationCanceledException)
            {
                round.Result.SetCanceled(CancellationToken.None);
            }
            catch (Exception failure)
            {
                round.Result.SetException(failure);
                _ = round.Result.Task.Exception;
            }
        }
    }

    private Round? Begin()
    {
        lock (_gate)
        {
            var round = _next;
            (_next, _running) = (null, round is not null);
            return round;
        }
    }

    private sealed class Round
    {
        public TaskCompletionSource<T> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationTokenSource Abandoned { get; } = new();

        public int Callers { get; set; }
    }
}

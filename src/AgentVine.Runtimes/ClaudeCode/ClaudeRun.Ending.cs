using AgentVine.Contracts.Executions;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>How a run comes to its end: by itself after its last turn, or by force, and what keeps a turn from ending for ever.</summary>
internal sealed partial class ClaudeRun
{
    private static readonly TimeSpan InterruptGrace = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TerminateGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ExitGrace = TimeSpan.FromSeconds(30);

    private readonly List<Task> _watches = [];
    private TaskCompletionSource? _turnOver;
    private CancellationTokenSource? _backgroundWatch;
    private Task? _closing;
    private Task? _killing;
    private Task? _disposing;
    private bool _closeAfterTurn;
    private bool _killedInsideTurn;

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _closeAfterTurn = true;
            if (_turns.IsOpen)
            {
                return;
            }
        }

        await CloseInputAsync().WaitAsync(cancellationToken);
    }

    public Task KillAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _killedInsideTurn |= _turns.IsOpen && !IsGone;
            return _killing ??= EndByForceAsync(cancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _disposing ??= DisposeOnceAsync();
            return new ValueTask(_disposing);
        }
    }

    private async Task DisposeOnceAsync()
    {
        await _disposed.CancelAsync();
        try
        {
            await _process.KillAsync(TimeSpan.Zero);
            await _running;
        }
        finally
        {
            _fleet?.HangUp();
            await _process.DisposeAsync();
            _fleet?.Dispose();
            _disposed.Dispose();
        }
    }

    // An interrupted program writes a whole transcript, from which the session can be resumed; a killed one may not.
    private async Task EndByForceAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (TurnOver() is { } turnOver)
        {
            Watch(InterruptAsync(CancellationToken.None));
            await EitherAsync(InterruptGrace, cancellationToken, turnOver);
        }

        Watch(CloseInputAsync());
        await EitherAsync(CloseGrace, cancellationToken);
        await _process.KillAsync(cancellationToken.IsCancellationRequested ? TimeSpan.Zero : TerminateGrace);
    }

    /// <summary>The end of the open turn; null between turns.</summary>
    private Task? TurnOver()
    {
        lock (_lock)
        {
            _turnOver = _turns.IsOpen ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
            return _turnOver?.Task;
        }
    }

    /// <summary>Waits for the program's exit or one of <paramref name="others"/>, no longer than <paramref name="patience"/>.</summary>
    private async Task EitherAsync(TimeSpan patience, CancellationToken cancellationToken, params Task[] others)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny([_process.Exited, Task.Delay(patience, _timeProvider, over.Token), .. others]);
        await over.CancelAsync();
    }

    private Task CloseInputAsync()
    {
        lock (_lock)
        {
            if (_closing is null)
            {
                _closing = _input.CloseAsync(CancellationToken.None);
                _watches.Add(EndWithinAsync(ExitGrace));
            }

            return _closing;
        }
    }

    private async Task EndWithinAsync(TimeSpan patience)
    {
        await EitherAsync(patience, CancellationToken.None);
        if (!_process.Exited.IsCompleted)
        {
            LogForced(_executionId, patience);
            await _process.KillAsync(TerminateGrace);
        }
    }

    /// <summary>Follows the turns, under the lock: begins and ends the wait for what runs in the background.</summary>
    private void WatchBackground()
    {
        if (_turns.WaitsForBackground && _backgroundWatch is null)
        {
            _backgroundWatch = new CancellationTokenSource();
            _watches.Add(GiveUpOnBackgroundAsync(_backgroundWatch.Token));
        }
        else if (!_turns.WaitsForBackground && _backgroundWatch is { } watch)
        {
            _backgroundWatch = null;
            watch.Cancel();
        }
    }

    private async Task GiveUpOnBackgroundAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            await Task.Delay(_backgroundWait, _timeProvider, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        AgentTurnEnded? ended = null;
        IReadOnlyList<string> background;
        lock (_lock)
        {
            background = _turns.Background;
            if (_turns.WaitsForBackground)
            {
                ended = _turns.EndNow();
            }
        }

        if (ended is not null)
        {
            var note = $"The turn is over; {background.Count} command(s) or agent(s) still in the background after {_backgroundWait.TotalMinutes:0.##} min were stopped.";
            await EmitAsync(new AgentOutput(OutputKind.Note, note, null));
            await StopAsync(background, CancellationToken.None);
            await EndTurnAsync(ended);
        }
    }

    /// <summary>Has <paramref name="task"/> awaited before the run ends.</summary>
    private void Watch(Task task)
    {
        lock (_lock)
        {
            _watches.Add(task);
        }
    }

    private async Task StopWatchingAsync()
    {
        Task[] watches;
        lock (_lock)
        {
            _backgroundWatch?.Cancel();
            watches = [.. _watches];
        }

        await Task.WhenAll(watches);
    }
}

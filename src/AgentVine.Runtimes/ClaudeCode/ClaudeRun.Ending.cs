using AgentVine.Contracts.Executions;
using Microsoft.Extensions.Logging;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>How a run comes to its end: by itself after its last turn, or by force, and what keeps a turn from ending for ever.</summary>
internal sealed partial class ClaudeRun
{
    private static readonly TimeSpan InterruptGrace = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TerminateGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ExitGrace = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _turnOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _watches = [];
    private CancellationTokenSource? _backgroundWatch;
    private Task? _closing;
    private Task? _killing;
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

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        await _process.KillAsync(TimeSpan.Zero);
        await _running;
        await _process.DisposeAsync();
        _disposed.Dispose();
    }

    // An interrupted program writes a whole transcript, from which the session can be resumed; a killed one may not.
    private async Task EndByForceAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (_killedInsideTurn)
        {
            var interrupt = InterruptAsync(CancellationToken.None);
            await EitherAsync(InterruptGrace, cancellationToken, _turnOver.Task);
        }

        var close = CloseInputAsync();
        await EitherAsync(CloseGrace, cancellationToken);
        await _process.KillAsync(cancellationToken.IsCancellationRequested ? TimeSpan.Zero : TerminateGrace);
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
            var note = $"The turn is over; {background.Count} command(s) or agent(s) still in the background after {_backgroundWait.TotalMinutes:0.#} min were stopped.";
            await EmitAsync(new AgentOutput(OutputKind.Note, note, null));
            await StopAsync(background, CancellationToken.None);
            await EndTurnAsync(ended);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Claude Code of execution {ExecutionId} did not exit within {Patience} and is stopped by force")]
    private partial void LogForced(Guid executionId, TimeSpan patience);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Claude Code of execution {ExecutionId} made a request '{Subtype}' that the driver does not know; it was refused")]
    private partial void LogUnknownRequest(Guid executionId, string? subtype);
}

using System.Threading.Channels;

namespace AgentVine.Engine.Kernel;

/// <summary>
/// The one shape of a background duty: wakers only request a turn, one reader does it. A failed turn is logged and tried again
/// at the next period; the first turn is at the start.
/// </summary>
internal abstract partial class Loop(TimeProvider time, ILogger logger) : BackgroundService
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Time between turns that nobody requested.</summary>
    protected abstract TimeSpan Period { get; }

    /// <summary>Requests a turn soon; several requests before it make one.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    protected abstract Task TurnAsync(CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var ticks = time.CreateTimer(_ => Wake(), null, Period, Period);
        Wake();
        try
        {
            while (await _wake.Reader.WaitToReadAsync(stoppingToken))
            {
                _wake.Reader.TryRead(out _);
                await TryTurnAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopped(GetType().Name);
        }
    }

    private async Task TryTurnAsync(CancellationToken stoppingToken)
    {
        try
        {
            await TurnAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogTurnFailed(exception, GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A turn of {Loop} failed and is tried again at its next period.")]
    private partial void LogTurnFailed(Exception exception, string loop);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Loop} has stopped.")]
    private partial void LogStopped(string loop);
}

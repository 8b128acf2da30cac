using System.Runtime.InteropServices;
using System.Threading.Channels;
using AgentVine.Cli.Output;
using AgentVine.Client;

namespace AgentVine.Cli.Commands.Top;

/// <summary>
/// Keeps the screen up to date: after events, after a resize, and every few seconds. It has the terminal's other screen to itself, and
/// gives the terminal back as it was, however it ends. A server that goes away is waited for.
/// </summary>
internal sealed class TopFollower(CommandRun run, TopReader reader)
{
    private const string Enter = "\u001b[?1049h\u001b[?25l";
    private const string Leave = "\u001b[?25h\u001b[?1049l";
    private const string Home = "\u001b[H";
    private const string ClearLine = "\u001b[K";
    private const string ClearBelow = "\u001b[J";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TopScreen _screen = new(run.Context.Time);

    public async Task<ExitCode> FollowAsync(CancellationToken cancellationToken)
    {
        // What cannot be read at all is said on the screen that stays.
        var frame = await reader.ReadAsync(cancellationToken);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var resized = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => _wake.Writer.TryWrite(true));
        var events = WatchAsync(end.Token);
        try
        {
            await WriteAsync(Enter, cancellationToken);
            string? trouble = null;
            while (true)
            {
                await PaintAsync(frame, trouble, cancellationToken);
                await PauseAsync(cancellationToken);
                (frame, trouble) = await NextAsync(frame, cancellationToken);
            }
        }
        finally
        {
            await WriteAsync(Leave, CancellationToken.None);
            await end.CancelAsync();
            await events;
        }
    }

    private async Task<(TopFrame Frame, string? Trouble)> NextAsync(TopFrame last, CancellationToken cancellationToken)
    {
        try
        {
            return (await reader.ReadAsync(cancellationToken), null);
        }
        catch (Exception exception) when (exception is VineUnreachableException or VineApiException { Status: >= 500 })
        {
            return (last, "the server is gone; waiting for it");
        }
    }

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        // Events come in bursts: one frame for all of them.
        await Task.Delay(Shortest, run.Context.Time, cancellationToken);
        using var longest = new CancellationTokenSource(Longest, run.Context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(longest.Token, cancellationToken);
        try
        {
            await _wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        if (reader.EventSequence is not { } after)
        {
            return;
        }

        try
        {
            await foreach (var _ in run.Client.StreamEventsAsync(new EventFilter(after), cancellationToken))
            {
                _wake.Writer.TryWrite(true);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or VineUnreachableException or VineApiException)
        {
            // Without events the screen is a few seconds late, and says so itself when the server is gone.
            return;
        }
    }

    private async Task PaintAsync(TopFrame frame, string? trouble, CancellationToken cancellationToken)
    {
        var console = run.Context.Console;
        using var text = new StringWriter { NewLine = "\n" };
        text.Write(Home);
        var lines = _screen.Lay(frame, console.Columns(), console.Rows(), trouble);
        var painter = VineConsole.PainterOn(text, console.Colors);
        for (var row = 0; row < lines.Count; row++)
        {
            // No line break after the last: it would scroll a full screen.
            text.Write(row == 0 ? "" : "\r\n");
            painter.Part([.. lines[row]]);
            text.Write(ClearLine);
        }

        text.Write(ClearBelow);
        await WriteAsync(text.ToString(), cancellationToken);
    }

    private async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        await run.Context.Console.Out.WriteAsync(text.AsMemory(), cancellationToken);
        await run.Context.Console.Out.FlushAsync(cancellationToken);
    }
}

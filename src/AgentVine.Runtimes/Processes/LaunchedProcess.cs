using System.Diagnostics;

namespace AgentVine.Runtimes.Processes;

/// <summary>A started process; its end is told only when nothing of its tree is left.</summary>
internal sealed class LaunchedProcess : IAgentProcess
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly IProcessTree _tree;
    private readonly TimeProvider _timeProvider;

    public LaunchedProcess(Process process, IProcessTree tree, TimeProvider timeProvider, Func<Task> ended)
    {
        _process = process;
        _tree = tree;
        _timeProvider = timeProvider;
        StandardInput = process.StandardInput.BaseStream;
        StandardOutput = process.StandardOutput.BaseStream;
        StandardError = process.StandardError.BaseStream;
        Exited = EndAsync(ended);
    }

    public Stream StandardInput { get; }

    public Stream StandardOutput { get; }

    public Stream StandardError { get; }

    public Task<int> Exited { get; }

    public async Task KillAsync(TimeSpan grace)
    {
        if (grace > TimeSpan.Zero && !Exited.IsCompleted && _tree.Terminate())
        {
            using var over = new CancellationTokenSource();
            await Task.WhenAny(Exited, Task.Delay(grace, _timeProvider, over.Token));
            await over.CancelAsync();
        }

        for (var poll = FirstPoll; !Exited.IsCompleted; poll = Longer(poll))
        {
            _tree.Kill();
            await Task.WhenAny(Exited, Task.Delay(poll, _timeProvider));
        }

        await Exited;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync(TimeSpan.Zero);
        await StandardOutput.DisposeAsync();
        await StandardError.DisposeAsync();
        try
        {
            await StandardInput.DisposeAsync();
        }
        catch (IOException)
        {
            // Nobody is there to read what was still to be written.
        }

        _process.Dispose();
    }

    private async Task<int> EndAsync(Func<Task> ended)
    {
        await _process.WaitForExitAsync();
        for (var poll = FirstPoll; !_tree.Kill(); poll = Longer(poll))
        {
            await Task.Delay(poll, _timeProvider);
        }

        await ended();
        return _process.ExitCode;
    }

    private static TimeSpan Longer(TimeSpan poll) => poll * 2 < LongestPoll ? poll * 2 : LongestPoll;
}

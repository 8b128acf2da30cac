using System.Text;
using System.Threading.Channels;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes.Processes;

namespace AgentVine.Runtimes.Command;

/// <summary>A running program of the <c>command</c> runtime: one turn, which is its life.</summary>
internal sealed class CommandRun : IAgentRun
{
    private const int CannotExecute = 126;
    private const int NotFound = 127;
    private const int SignalBase = 128;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly string _program;
    private readonly AgentLaunch _launch;
    private readonly IAgentProcess _process;
    private readonly Channel<AgentSignal> _signals = Channel.CreateBounded<AgentSignal>(256);
    private readonly CancellationTokenSource _abandoned = new();
    private readonly LastWords _said = new(lines: 20, letters: 4_000);
    private readonly LastWords _complained = new(lines: 10, letters: 2_000);
    private readonly Task _life;
    private volatile bool _stopped;

    public CommandRun(string program, AgentLaunch launch, IAgentProcess process)
    {
        _program = program;
        _launch = launch;
        _process = process;
        _life = LiveAsync();
    }

    public ChannelReader<AgentSignal> Signals => _signals.Reader;

    public Task<bool> AnswerAsync(Guid requestId, RequestAnswer answer, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<bool> SendMessageAsync(string text, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task InterruptAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The program has no second turn: it ends by itself.</summary>
    public Task CloseAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task KillAsync(CancellationToken cancellationToken)
    {
        _stopped = true;
        return _process.KillAsync(Grace);
    }

    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        await _process.KillAsync(TimeSpan.Zero);
        await _abandoned.CancelAsync();
        await _life;
        await _process.DisposeAsync();
        _abandoned.Dispose();
    }

    private async Task LiveAsync()
    {
        try
        {
            await SignalAsync(new AgentSessionStarted(_launch.SessionId.ToString(), Model: null));
            await Task.WhenAll(
                InstructAsync(),
                PassOnAsync(_process.StandardOutput, OutputKind.Text, _said),
                PassOnAsync(_process.StandardError, OutputKind.Stderr, _complained));
            await EndAsync(await _process.Exited);
        }
        catch (OperationCanceledException) when (_abandoned.IsCancellationRequested)
        {
            // Disposed: nobody reads on.
        }
        finally
        {
            _signals.Writer.TryComplete();
        }
    }

    private async Task InstructAsync()
    {
        try
        {
            await _process.StandardInput.WriteAsync(Encoding.UTF8.GetBytes(_launch.Instructions), _abandoned.Token);
            await _process.StandardInput.DisposeAsync();
        }
        catch (IOException)
        {
            // A program that needs no instructions may end, or close its input, before it has read them.
        }
    }

    private async Task PassOnAsync(Stream stream, OutputKind kind, LastWords last)
    {
        var reader = new BoundedLineReader(stream, BoundedLineReader.Longest);
        while (await reader.ReadAsync(_abandoned.Token) is { } line)
        {
            last.Add(line);
            await SignalAsync(new AgentOutput(kind, line, line));
        }
    }

    private async Task EndAsync(int exitCode)
    {
        if (exitCode == 0 && !_stopped)
        {
            await SignalAsync(new AgentTurnEnded(_said.Text(), Failure: null, Interrupted: false, CostUsd: 0, TokenCount.Zero));
            await SignalAsync(new AgentExited(exitCode, Failure: null));
            return;
        }

        await SignalAsync(new AgentExited(exitCode, Failure(exitCode)));
    }

    private TaskError Failure(int exitCode)
    {
        if (_stopped)
        {
            return new TaskError { Kind = FailureKind.Interrupted, Message = $"The program '{_program}' was stopped." };
        }

        var end = exitCode > SignalBase
            ? $"was ended by signal {exitCode - SignalBase} (exit code {exitCode})"
            : $"ended with exit code {exitCode}";
        var words = _complained.Text() is { } complained
            ? $" Its last words on standard error:\n{complained}"
            : " It wrote nothing to standard error.";
        return new TaskError
        {
            Kind = exitCode is CannotExecute or NotFound ? FailureKind.Permanent : FailureKind.Transient,
            Message = $"The program '{_program}' {end}.{words}",
        };
    }

    private ValueTask SignalAsync(AgentSignal signal) => _signals.Writer.WriteAsync(signal, _abandoned.Token);
}

using System.Threading.Channels;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes.Rehearsal;

/// <summary>A running rehearsal: the playbook is its first turn, and each message of a person a turn that says it was heard.</summary>
internal sealed class RehearsalRun : IAgentRun
{
    private readonly AgentLaunch _launch;
    private readonly Channel<AgentSignal> _signals = Channel.CreateBounded<AgentSignal>(256);
    private readonly Channel<string> _messages = Channel.CreateUnbounded<string>();
    private readonly PendingAnswers _pending = new();
    private readonly RehearsedCommands _commands;
    private readonly RehearsalMemory _memory;
    private readonly RehearsalPlayer _player;
    private readonly CancellationTokenSource _killed = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Lock _turnLock = new();
    private readonly Task _life;
    private CancellationTokenSource? _turn;
    private bool _killedInTurn;

    public RehearsalRun(Playbook playbook, AgentLaunch launch, RehearsalMemory memory, TimeProvider timeProvider)
    {
        _launch = launch;
        _commands = new RehearsedCommands(launch);
        _memory = memory;
        _player = new RehearsalPlayer(launch, memory, timeProvider, _pending, _commands, SignalAsync);
        _life = LiveAsync(playbook);
    }

    public ChannelReader<AgentSignal> Signals => _signals.Reader;

    public Task<bool> AnswerAsync(Guid requestId, RequestAnswer answer, CancellationToken cancellationToken) =>
        Task.FromResult(_pending.Answer(requestId, answer));

    public Task<bool> SendMessageAsync(string text, CancellationToken cancellationToken) =>
        Task.FromResult(_messages.Writer.TryWrite(text));

    public Task InterruptAsync(CancellationToken cancellationToken)
    {
        lock (_turnLock)
        {
            return _turn?.CancelAsync() ?? Task.CompletedTask;
        }
    }

    public Task CloseAsync(CancellationToken cancellationToken)
    {
        _messages.Writer.TryComplete();
        return Task.CompletedTask;
    }

    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _messages.Writer.TryComplete();
        if (!_life.IsCompleted)
        {
            await _killed.CancelAsync();
        }

        await _commands.IdleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync(CancellationToken.None);
        await _abandoned.CancelAsync();
        await _life;
        _killed.Dispose();
        _abandoned.Dispose();
    }

    private async Task LiveAsync(Playbook playbook)
    {
        try
        {
            await SignalAsync(new AgentSessionStarted(_launch.SessionId.ToString(), Model: null));
            await _player.SayAsync("rehearsal: a simulated agent");
            await TurnAsync(interrupted => _memory.IsOver ? HeardAsync(_launch.Instructions) : PlayAsync(playbook, interrupted));
            await foreach (var message in _messages.Reader.ReadAllAsync(_killed.Token))
            {
                await TurnAsync(_ => HeardAsync(message));
            }

            await SignalAsync(new AgentExited(ExitCode: 0, Failure: null));
        }
        catch (OperationCanceledException) when (_killed.IsCancellationRequested)
        {
            await ExitKilledAsync();
        }
        finally
        {
            _messages.Writer.TryComplete();
            _signals.Writer.TryComplete();
        }
    }

    private async Task TurnAsync(Func<CancellationToken, Task<TaskError?>> play)
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(_killed.Token);
        Enter(turn);
        TaskError? failure = null;
        var interrupted = false;
        try
        {
            failure = await play(turn.Token);
        }
        catch (OperationCanceledException) when (turn.IsCancellationRequested)
        {
            if (_killed.IsCancellationRequested)
            {
                _killedInTurn = true;
                throw;
            }

            interrupted = true;
        }
        finally
        {
            Enter(turn: null);
        }

        foreach (var requestId in _pending.WithdrawAll())
        {
            await SignalAsync(new AgentWithdrew(requestId));
        }

        await SignalAsync(new AgentTurnEnded(_player.LastSaid, failure, interrupted, CostUsd: 0, TokenCount.Zero));
    }

    private async Task<TaskError?> PlayAsync(Playbook playbook, CancellationToken interrupted)
    {
        var failure = await _player.PlayAsync(playbook.Steps, interrupted);
        if (failure is null)
        {
            _memory.End();
        }

        return failure;
    }

    private async Task<TaskError?> HeardAsync(string message)
    {
        await _player.SayAsync($"I heard: {message}");
        return null;
    }

    private void Enter(CancellationTokenSource? turn)
    {
        lock (_turnLock)
        {
            _turn = turn;
        }
    }

    private async Task ExitKilledAsync()
    {
        try
        {
            var failure = new TaskError { Kind = FailureKind.Interrupted, Message = "The rehearsal was stopped." };
            await SignalAsync(new AgentExited(ExitCode: null, _killedInTurn ? failure : null));
        }
        catch (OperationCanceledException)
        {
            // Disposed: nobody reads on.
        }
    }

    private ValueTask SignalAsync(AgentSignal signal) => _signals.Writer.WriteAsync(signal, _abandoned.Token);
}

using System.Collections.Concurrent;
using System.Threading.Channels;
using AgentVine.Contracts.Conversations;
using AgentVine.Runtimes;

namespace AgentVine.Worker.Tests.Host;

/// <summary>An agent that says what a test has it say, and keeps what it is answered.</summary>
internal sealed class AgentStandIn : IAgentRun
{
    private readonly Channel<AgentSignal> _signals = Channel.CreateUnbounded<AgentSignal>();

    /// <summary>Says <paramref name="signals"/> at once; it goes with an <see cref="AgentExited"/> among them.</summary>
    public AgentStandIn(params AgentSignal[] signals) => Say(signals);

    /// <summary>What it was answered.</summary>
    public ConcurrentQueue<RequestAnswer> Answers { get; } = new();

    /// <summary>What it was told as user turns.</summary>
    public ConcurrentQueue<string> Messages { get; } = new();

    public int Interrupts { get; private set; }

    public bool WasKilled { get; private set; }

    /// <summary>What it does when it is answered.</summary>
    public Action OnAnswer { get; init; } = () => { };

    /// <summary>What it does when it is interrupted.</summary>
    public Action OnInterrupt { get; init; } = () => { };

    /// <summary>What happens while it is killed.</summary>
    public Action OnKill { get; init; } = () => { };

    public ChannelReader<AgentSignal> Signals => _signals.Reader;

    public Task<bool> AnswerAsync(Guid requestId, RequestAnswer answer, CancellationToken cancellationToken)
    {
        Answers.Enqueue(answer);
        OnAnswer();
        return Task.FromResult(true);
    }

    public Task<bool> SendMessageAsync(string text, CancellationToken cancellationToken)
    {
        Messages.Enqueue(text);
        return Task.FromResult(true);
    }

    public Task InterruptAsync(CancellationToken cancellationToken)
    {
        Interrupts++;
        OnInterrupt();
        return Task.CompletedTask;
    }

    public Task CloseAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task KillAsync(CancellationToken cancellationToken)
    {
        WasKilled = true;
        OnKill();
        Say(new AgentExited(ExitCode: 137, Failure: null));
        return Task.CompletedTask;
    }

    public void Say(params AgentSignal[] signals)
    {
        foreach (var signal in signals)
        {
            _signals.Writer.TryWrite(signal);
            if (signal is AgentExited)
            {
                _signals.Writer.TryComplete();
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

using System.Threading.Channels;
using AgentVine.Contracts.Conversations;
using AgentVine.Runtimes;

namespace AgentVine.Worker.Tests.Host;

/// <summary>An agent that says what a test has it say, and keeps what it is answered.</summary>
internal sealed class AgentStandIn : IAgentRun
{
    private readonly Channel<AgentSignal> _signals = Channel.CreateUnbounded<AgentSignal>();

    public AgentStandIn(params AgentSignal[] signals)
    {
        foreach (var signal in signals)
        {
            _signals.Writer.TryWrite(signal);
        }

        _signals.Writer.Complete();
    }

    public List<RequestAnswer> Answers { get; } = [];

    public ChannelReader<AgentSignal> Signals => _signals.Reader;

    public Task<bool> AnswerAsync(Guid requestId, RequestAnswer answer, CancellationToken cancellationToken)
    {
        Answers.Add(answer);
        return Task.FromResult(true);
    }

    public Task<bool> SendMessageAsync(string text, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task InterruptAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task CloseAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task KillAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

using System.Threading.Channels;
using AgentVine.Contracts.Conversations;

namespace AgentVine.Runtimes;

/// <summary>
/// One running agent. Everything it says arrives in order on <see cref="Signals"/>, which ends with exactly one
/// <see cref="AgentExited"/> after the program and every process it started are gone. Members are safe to call from any thread,
/// and do nothing once the agent has exited. Disposing kills what is left of the process tree.
/// </summary>
public interface IAgentRun : IAsyncDisposable
{
    /// <summary>Bounded: a slow reader slows the agent's output down and loses none of it.</summary>
    ChannelReader<AgentSignal> Signals { get; }

    /// <summary>Answers an <see cref="AgentAsked"/>. Returns when the answer was written to the agent program.</summary>
    /// <returns>False when the agent no longer waits for that answer.</returns>
    Task<bool> AnswerAsync(Guid requestId, RequestAnswer answer, CancellationToken cancellationToken);

    /// <summary>Gives the agent a user turn: folded into a running turn, or starting one. Returns when it was written.</summary>
    /// <returns>False when the runtime takes no messages or the agent is gone.</returns>
    Task<bool> SendMessageAsync(string text, CancellationToken cancellationToken);

    /// <summary>Ends the running turn; the agent stays for the next message. No effect between turns.</summary>
    Task InterruptAsync(CancellationToken cancellationToken);

    /// <summary>Asks the program to end after the running turn, which is how a finished task releases its process.</summary>
    Task CloseAsync(CancellationToken cancellationToken);

    /// <summary>Ends the program now, gently and then by force on the whole tree. Returns when no process of it is left.</summary>
    Task KillAsync(CancellationToken cancellationToken);
}

using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes;

/// <summary>What an agent run tells; a closed set.</summary>
public abstract record AgentSignal
{
    private protected AgentSignal()
    {
    }
}

/// <summary>A line of output. <paramref name="Raw"/> is the agent program's own line, unchanged; null for words of the driver.</summary>
public sealed record AgentOutput(OutputKind Kind, string? Text, string? Raw) : AgentSignal;

/// <summary>The conversation has this id now; the newest one counts.</summary>
public sealed record AgentSessionStarted(string SessionId, string? Model) : AgentSignal;

/// <summary>The agent waits for an answer, given by <see cref="IAgentRun.AnswerAsync"/> under <paramref name="RequestId"/>.</summary>
public sealed record AgentAsked(
    Guid RequestId,
    RequestKind Kind,
    string Title,
    string? Body = null,
    IReadOnlyList<RequestQuestion>? Questions = null,
    RequestTool? Tool = null) : AgentSignal;

/// <summary>The agent no longer waits for that answer.</summary>
public sealed record AgentWithdrew(Guid RequestId) : AgentSignal;

/// <summary>
/// A turn ended and the agent has nothing to do until it is given a message or closed. <paramref name="Failure"/> is null for a
/// turn that ended well; <paramref name="Interrupted"/> marks one that was ended by <see cref="IAgentRun.InterruptAsync"/>.
/// Usage is what this turn added; <paramref name="ContextTokens"/> of <paramref name="ContextWindow"/> are in use, where that is known.
/// </summary>
public sealed record AgentTurnEnded(
    string? Summary,
    TaskError? Failure,
    bool Interrupted,
    decimal CostUsd,
    TokenCount Tokens,
    long? ContextTokens = null,
    long? ContextWindow = null) : AgentSignal;

/// <summary>A tool that may have written has ended, well or not, and the agent knows of it.</summary>
public sealed record AgentWrote(string Tool) : AgentSignal;

/// <summary>
/// The program and its tree are gone. <paramref name="Failure"/> is set when it ended inside a turn, with what is known of the cause
/// (exit code, signal, last words on standard error). <paramref name="SessionUnknown"/>: the session that was to be resumed is none to
/// the program, and nothing was done.
/// </summary>
public sealed record AgentExited(int? ExitCode, TaskError? Failure, bool SessionUnknown = false) : AgentSignal;

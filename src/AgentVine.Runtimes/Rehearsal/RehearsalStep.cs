using System.Text.Json;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes.Rehearsal;

/// <summary>One step of a playbook; a closed set.</summary>
internal abstract record RehearsalStep
{
    /// <summary>Says it.</summary>
    public sealed record Say(string Text) : RehearsalStep;

    /// <summary>Writes a file of the clone.</summary>
    public sealed record Write(string Path, string Content) : RehearsalStep;

    /// <summary>Runs a shell's command line in the sandbox.</summary>
    public sealed record Run(string CommandLine) : RehearsalStep;

    /// <summary>Asks people, and says what they answered.</summary>
    public sealed record Ask(RequestQuestion Question) : RehearsalStep;

    /// <summary>Asks for leave to use a tool; what follows is played only when it is given.</summary>
    public sealed record AskPermission(string Tool, JsonElement Input, IReadOnlyList<RehearsalStep> Then) : RehearsalStep;

    /// <summary>Does nothing for a time.</summary>
    public sealed record Wait(TimeSpan Time) : RehearsalStep;

    /// <summary>Ends the turn with a failure.</summary>
    public sealed record Fail(FailureKind Kind, string Message, TimeSpan? RetryAfter) : RehearsalStep;

    /// <summary>Does nothing until it is interrupted or killed.</summary>
    public sealed record Hang : RehearsalStep;
}

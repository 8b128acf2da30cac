using AgentVine.Contracts.Executions;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary>A line of output as <c>vine task logs --json</c> gives it: the API's line, and whose it is.</summary>
internal sealed record LogEntry(Guid ExecutionId, int Attempt, long N, DateTimeOffset At, OutputKind Kind, string? Text, string? Raw)
{
    public static LogEntry Of(ExecutionView execution, OutputLine line) =>
        new(execution.Id, execution.Attempt, line.N, line.At, line.Kind, line.Text, line.Raw);
}

using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

internal sealed partial class WorkerHost
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Name} ({WorkerId}) is registered: {Slots} slots; runtimes {Runtimes}; sandbox {Sandbox}.")]
    private partial void LogRegistered(string name, Guid workerId, int slots, string runtimes, string sandbox);

    [LoggerMessage(Level = LogLevel.Information, Message = "Worker {Name} is deregistered.")]
    private partial void LogDeregistered(string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Name} leaves without deregistering: the server has not heard how its attempts ended. Start it again soon, and it tells; else they are lost when their leases lapse.")]
    private partial void LogUntold(string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server no longer knows worker {Name}; what runs is stopped, and it registers anew.")]
    private partial void LogDismissed(string name);

    [LoggerMessage(Level = LogLevel.Error, Message = "Another worker registered as {Name} and took this one's place; this one stops. Give each worker a name of its own with --name.")]
    private partial void LogSuperseded(string name);

    [LoggerMessage(Level = LogLevel.Error, Message = "A slot of worker {Name} met a fault of the worker itself.")]
    private partial void LogBug(Exception exception, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of task {TaskId} (execution {ExecutionId}) is another's now; the attempt is stopped.")]
    private partial void LogLeaseLost(Guid taskId, Guid executionId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Name} was refused work: {Code}, {Detail}")]
    private partial void LogClaimRefused(string name, string? code, string? detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A call to the server failed: {Reason}")]
    private partial void LogMissedBeat(string reason);
}

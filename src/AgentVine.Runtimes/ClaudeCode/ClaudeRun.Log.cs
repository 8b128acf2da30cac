using Microsoft.Extensions.Logging;

namespace AgentVine.Runtimes.ClaudeCode;

internal sealed partial class ClaudeRun
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Claude Code of execution {ExecutionId} did not exit within {Patience} and is stopped by force")]
    private partial void LogForced(Guid executionId, TimeSpan patience);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A line '{Type}' of Claude Code of execution {ExecutionId} has an unforeseen form and was passed over")]
    private partial void LogUnreadable(Guid executionId, string? type, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Claude Code of execution {ExecutionId} made a request '{Subtype}' that the driver does not know; it was refused")]
    private partial void LogUnknownRequest(Guid executionId, string? subtype);
}

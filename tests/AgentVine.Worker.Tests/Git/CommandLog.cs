using System.Collections.Concurrent;
using AgentVine.Git;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker.Tests.Git;

/// <summary>Keeps what a runner logs.</summary>
internal sealed class CommandLog : ILogger<GitRunner>
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>The verbs of the commands that ended, in order.</summary>
    public IReadOnlyList<string> Verbs => [.. _lines.Select(line => line.Split(' ')[1])];

    public void Clear() => _lines.Clear();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) => _lines.Enqueue(formatter(state, exception));
}

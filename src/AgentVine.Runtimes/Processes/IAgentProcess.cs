namespace AgentVine.Runtimes.Processes;

/// <summary>A started process and everything that it starts.</summary>
public interface IAgentProcess : IAsyncDisposable
{
    /// <summary>Its standard input, UTF-8 without a mark; the caller serialises writes.</summary>
    Stream StandardInput { get; }

    /// <summary>Its standard output.</summary>
    Stream StandardOutput { get; }

    /// <summary>Its standard error.</summary>
    Stream StandardError { get; }

    /// <summary>Completes with the exit code (128 + signal for a signalled one) once the process and its whole tree are gone.</summary>
    Task<int> Exited { get; }

    /// <summary>SIGTERM where there is one, then after <paramref name="grace"/> SIGKILL, to the whole tree. Returns when nothing is left.</summary>
    Task KillAsync(TimeSpan grace);
}

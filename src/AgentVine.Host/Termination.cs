using System.Runtime.InteropServices;

namespace AgentVine.Host;

/// <summary>
/// Ctrl-C and SIGTERM as two requests: the first asks for an orderly end, the second for a quick one. A third ends the program as
/// the system does.
/// </summary>
internal sealed class Termination : IDisposable
{
    private readonly CancellationTokenSource _first = new();
    private readonly CancellationTokenSource _second = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public Termination()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Take);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take);
    }

    public CancellationToken First => _first.Token;

    public CancellationToken Second => _second.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    private void Take(PosixSignalContext signal)
    {
        if (_second.IsCancellationRequested)
        {
            return;
        }

        signal.Cancel = true;
        (_first.IsCancellationRequested ? _second : _first).Cancel();
    }
}

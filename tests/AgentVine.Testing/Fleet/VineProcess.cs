using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace AgentVine.Testing.Fleet;

/// <summary>The built <c>vine</c> as a process of its own, with what it wrote.</summary>
public sealed class VineProcess : IDisposable
{
    private const int KeptLines = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Foreign = ["VINE_", "ANTHROPIC_", "CLAUDE_"];
    private readonly Process _process;
    private readonly Queue<string> _log = new();

    private VineProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += Hear;
        _process.ErrorDataReceived += Hear;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The newest lines of its output and error output.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    /// <summary>Starts it with these arguments and settings, and none that this process happens to have.</summary>
    /// <param name="arguments">Its command line.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="program">The program beside the running one that it is.</param>
    public static VineProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> settings, string program = "vine")
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? $"{program}.exe" : program), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => Foreign.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return new VineProcess(Process.Start(start)!);
    }

    /// <summary>Asks it to end, as an init system does.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Ends it without a word; what it started is left to itself.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for its end and returns its exit code.</summary>
    public async Task<int> ExitCodeAsync()
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"vine ({Id}) did not end within {Patience.TotalSeconds:0} s. Its log ends:\n{Log}");
        }

        return _process.ExitCode;
    }

    /// <summary>Terminates it, and kills it when that is of no use.</summary>
    public async Task<int> StopAsync()
    {
        if (HasExited)
        {
            return _process.ExitCode;
        }

        Terminate();
        return await ExitCodeAsync();
    }

    public void Dispose()
    {
        if (!HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
        {
            return;
        }

        lock (_log)
        {
            _log.Enqueue(line.Data);
            if (_log.Count > KeptLines)
            {
                _log.Dequeue();
            }
        }
    }
}

using System.Text;
using AgentVine.Runtimes.Processes;

namespace AgentVine.Runtimes.Tests.Processes;

/// <summary>What a process that ran to its end said.</summary>
internal sealed record Ran(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static async Task<Ran> ToEndAsync(IProcessLauncher launcher, ProcessSpec spec)
    {
        await using var process = await launcher.StartAsync(spec, CancellationToken.None);
        await process.StandardInput.DisposeAsync();
        var output = TextAsync(process.StandardOutput);
        var error = TextAsync(process.StandardError);
        var code = await process.Exited.WaitAsync(Patience, TimeProvider.System);
        return new Ran(code, await output, await error);
    }

    public static async Task<string> TextAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync().WaitAsync(Patience, TimeProvider.System);
    }

    /// <summary>The next line; other readers of the same stream would miss what was read ahead.</summary>
    public static async Task<string?> LineAsync(StreamReader reader) =>
        await reader.ReadLineAsync().WaitAsync(Patience, TimeProvider.System);
}

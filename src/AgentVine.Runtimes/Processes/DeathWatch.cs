using System.Diagnostics;
using System.Text;

namespace AgentVine.Runtimes.Processes;

/// <summary>
/// Kills the agents of a worker that died without a word, on Linux: a small shell process outside the worker's session that is told the
/// marks of what runs, and at the end of its input kills whatever still carries one. Sandboxes die by themselves once they stand.
/// </summary>
internal sealed class DeathWatch
{
    // Each line names all marks that are alive. Patterns are given one by one: an empty one would match innocent processes.
    private const string Script = """
        exec >/dev/null 2>&1
        trap '' HUP INT QUIT TERM
        marks=
        while read -r line; do marks=$line; done
        set --
        for mark in $marks; do set -- "$@" -e "VINE_PROCESS=$mark"; done
        [ $# -gt 0 ] || exit 0
        round=0
        while [ $round -lt 100 ]; do
          found=
          for file in $(grep -lzxF "$@" /proc/[0-9]*/environ); do
            pid=${file#/proc/}
            kill -KILL "${pid%/environ}" && found=1
          done
          [ -n "$found" ] || exit 0
          round=$((round + 1))
          sleep 0.05
        done
        """;

    private static readonly Lazy<DeathWatch> Only = new(() => new DeathWatch());

    private readonly HashSet<string> _marks = [];
    private readonly OneAtATime _changes = new();
    private Process? _process;

    public static DeathWatch Shared => Only.Value;

    public Task AddAsync(string mark) => _changes.RunAsync(() =>
    {
        _marks.Add(mark);
        return TellAsync();
    });

    public Task RemoveAsync(string mark) => _changes.RunAsync(() =>
    {
        _marks.Remove(mark);
        return TellAsync();
    });

    private async Task TellAsync()
    {
        if (_process is null or { HasExited: true })
        {
            if (_marks.Count == 0 || await StartAsync() is not { } started)
            {
                return;
            }

            _process?.Dispose();
            _process = started;
        }

        try
        {
            var line = Encoding.ASCII.GetBytes(string.Join(' ', _marks) + "\n");
            await _process.StandardInput.BaseStream.WriteAsync(line);
        }
        catch (IOException)
        {
            // It was killed from outside; the next change starts another.
        }
    }

    private static async Task<Process?> StartAsync()
    {
        if (ProgramPath.Find("setsid", AgentEnvironment.SystemPath) is not { } setsid)
        {
            return null;
        }

        var start = new ProcessStartInfo(setsid, ["/bin/sh", "-c", Script])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = AgentEnvironment.SystemPath;
        return await AgentProcessStarter.Shared.StartAsync(start);
    }
}

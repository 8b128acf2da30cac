using System.Globalization;
using System.Text.Json;
using AgentVine.Contracts;
using Microsoft.Extensions.Logging;

namespace AgentVine.Runtimes.Processes;

/// <summary>
/// What a worker's launcher started, on record in a folder of that worker: an entry stands before the process does and goes after its
/// tree is gone. One program at a time uses a folder.
/// </summary>
public sealed partial class LeftoverProcesses(string folder, TimeProvider timeProvider, ILogger logger)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly string _folder = Directory.CreateDirectory(folder).FullName;

    /// <summary>
    /// Kills what runs of earlier runs of this worker: the processes on record and whatever carries the <c>VINE_EXECUTION</c> of one
    /// (on Linux). To be awaited before the worker claims. Returns when nothing of them is left, with how many entries had something.
    /// </summary>
    public async Task<int> KillAsync(CancellationToken cancellationToken)
    {
        var killed = 0;
        foreach (var file in Directory.EnumerateFiles(_folder, "*.json"))
        {
            if (Read(file) is { } record && await KillAsync(record, cancellationToken))
            {
                killed++;
                LogKilled(record.ExecutionId);
            }

            File.Delete(file);
        }

        return killed;
    }

    internal void Intend(Guid executionId, string mark) =>
        Write(new StartRecord { ExecutionId = executionId, Mark = mark, Boot = ProcessIdentity.Boot() });

    internal void Started(Guid executionId, string mark, int pid) =>
        Write(new StartRecord
        {
            ExecutionId = executionId,
            Mark = mark,
            Boot = ProcessIdentity.Boot(),
            Pid = pid,
            StartedAt = ProcessIdentity.StartOf(pid),
        });

    internal void Forget(string mark) => File.Delete(FileOf(mark));

    private static StartRecord? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<StartRecord>(File.ReadAllText(file), VineJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<bool> KillAsync(StartRecord record, CancellationToken cancellationToken)
    {
        if (record.Boot != ProcessIdentity.Boot())
        {
            return false;
        }

        var found = false;
        while (record.KillOnce())
        {
            found = true;
            await Task.Delay(Poll, timeProvider, cancellationToken);
        }

        return found;
    }

    private void Write(StartRecord record)
    {
        var file = FileOf(record.Mark);
        var draft = file + ".draft";
        File.WriteAllText(draft, JsonSerializer.Serialize(record, VineJson.Options));
        File.Move(draft, file, overwrite: true);
    }

    private string FileOf(string mark) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{mark}.json"));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Killed what an earlier run of this worker left running of execution {ExecutionId}")]
    private partial void LogKilled(Guid executionId);
}

using AgentVine.Testing.Time;
using AgentVine.Worker.Outbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentVine.Worker.Tests.Host;

/// <summary>The folder of an outbox, which outlives the runs of a worker that write it.</summary>
internal sealed class OutboxGround : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vine-outbox-").FullName;

    public string Path => System.IO.Path.Join(_folder, "worker", "outbox.db");

    /// <summary>Where the worker's attempts have their folders; nothing is there.</summary>
    public string Attempts => System.IO.Path.Join(_folder, "worker", "attempts");

    /// <summary>A run of the worker.</summary>
    public WorkerOutbox Open(ServerLink server, ManualTime time) => new(Path, server, time, NullLogger.Instance);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

using AgentVine.Testing.Fleet;

namespace AgentVine.Chaos.Fleet;

/// <summary>The product's own <c>vine serve</c>, on SQLite.</summary>
internal sealed class SqliteKind(SmallDisk? disk) : IServerKind
{
    public string Name => "SQLite";

    public SmallDisk? Disk => disk;

    public string? Folder => disk?.Folder;

    public VineProcess Start(IReadOnlyList<string> arguments, Dictionary<string, string> settings) => VineProcess.Start(arguments, settings);

    public ValueTask DisposeAsync()
    {
        disk?.Dispose();
        return ValueTask.CompletedTask;
    }
}

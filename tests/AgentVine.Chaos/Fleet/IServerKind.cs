using AgentVine.Testing.Fleet;

namespace AgentVine.Chaos.Fleet;

/// <summary>Where the server keeps its data, and how its process is started.</summary>
internal interface IServerKind : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Its data folder, where the kind has one of its own.</summary>
    string? Folder { get; }

    VineProcess Start(IReadOnlyList<string> arguments, Dictionary<string, string> settings);
}

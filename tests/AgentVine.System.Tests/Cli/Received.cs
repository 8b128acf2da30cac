using System.Text.Json;
using AgentVine.Contracts;

namespace AgentVine.System.Tests.Cli;

/// <summary>One request as <see cref="FakeApi"/> had it.</summary>
internal sealed record Received(string Route, string Query, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public T Read<T>() => JsonSerializer.Deserialize<T>(Body, VineJson.Options)!;
}

using System.Text.Json;
using AgentVine.Contracts;

namespace AgentVine.Engine.Kernel;

/// <summary>Columns that hold JSON in the wire's dialect.</summary>
internal static class JsonColumn
{
    public static string? Write<T>(T? value) => value is null ? null : JsonSerializer.Serialize(value, VineJson.Options);

    public static T? Read<T>(string? column) => column is null ? default : JsonSerializer.Deserialize<T>(column, VineJson.Options);

    public static JsonElement? Element(string? column) =>
        column is null ? null : JsonSerializer.Deserialize<JsonElement>(column, VineJson.Options);
}

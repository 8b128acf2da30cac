using System.Text.Json;

namespace AgentVine.Chaos.Fleet;

/// <summary>Members of a JSON object that may be missing.</summary>
internal static class JsonReading
{
    public static string? Text(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value.ToString()
            : null;

    public static Guid Id(this JsonElement element, string name = "id") => element.GetProperty(name).GetGuid();
}

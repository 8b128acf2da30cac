using System.Reflection;
using System.Text.Json;

namespace AgentVine.Engine.Observability;

/// <summary>Names operations after their handlers, as generated clients will call them: <c>createTask</c>.</summary>
internal static class OperationNames
{
    public static string Of(MethodInfo? handler, string method, string path)
    {
        var name = handler is null || handler.Name.Contains('<') ? null
            : handler.Name is "Handle" or "HandleAsync" ? handler.DeclaringType!.Name
            : Trim(handler.DeclaringType!.Name) + handler.Name;
        return name is null ? FromPath(method, path) : JsonNamingPolicy.CamelCase.ConvertName(name);
    }

    /// <summary>The name of an operation that shares its handler with another, or has none.</summary>
    public static string FromPath(string method, string path)
    {
        var words = path.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .SkipWhile(segment => segment is "api" or "v1")
            .SelectMany(segment => segment.Split(':')[0].Split('{', '}', '-', '.', '*'))
            .Where(word => word.Length > 0)
            .Select(word => char.ToUpperInvariant(word[0]) + word[1..]);
        return method.ToLowerInvariant() + string.Concat(words);
    }

    private static string Trim(string type) => type.EndsWith("Endpoints", StringComparison.Ordinal) ? type[..^"Endpoints".Length] : type;
}

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
            : handler.DeclaringType!.Name + handler.Name;
        return JsonNamingPolicy.CamelCase.ConvertName(name ?? FromPath(method, path));
    }

    private static string FromPath(string method, string path) =>
        string.Concat(path.Split('/', '{', '}', '-', ':', '.')
            .Where(word => word.Length > 0)
            .Prepend(method.ToLowerInvariant())
            .Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}

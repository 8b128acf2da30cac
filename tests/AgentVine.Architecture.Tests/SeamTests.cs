using System.Reflection;
using AgentVine.Engine.Kernel;
using AgentVine.Runtimes;
using AgentVine.Runtimes.Processes;
using Xunit;

namespace AgentVine.Architecture.Tests;

/// <summary>What others implement can be cancelled.</summary>
public sealed class SeamTests
{
    // Members whose cancellation is somebody else's, with the reason.
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        [nameof(IReadSession)] = "its members run inside their unit or snapshot, which is cancelled as a whole",
        [nameof(IUnitOfWork)] = "its members run inside their unit, which is cancelled as a whole",
        [$"{nameof(IAgentProcess)}.{nameof(IAgentProcess.KillAsync)}"] = "killing is bounded by its grace and must not be given up",
    };

    [Fact]
    public void SeamMethods_TakeACancellationTokenLast()
    {
        var faults = AsyncMethods()
            .Where(method => !Exceptions.ContainsKey(method.DeclaringType!.Name) && !Exceptions.ContainsKey(Name(method)))
            .Where(method => method.GetParameters() is not [.., { ParameterType: var last, HasDefaultValue: false }] || last != typeof(CancellationToken))
            .Select(method => $"{Name(method)} must take a CancellationToken, last and required");

        Assert.Empty(faults);
    }

    [Fact]
    public void Exceptions_AreOfMembersThatExist()
    {
        var names = AsyncMethods().SelectMany(method => new[] { method.DeclaringType!.Name, Name(method) }).ToHashSet();

        Assert.All(Exceptions.Keys, name => Assert.Contains(name, names));
    }

    private static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    private static IEnumerable<MethodInfo> AsyncMethods() =>
        from assembly in new[] { typeof(IStore).Assembly, typeof(IAgentRuntime).Assembly }
        from type in assembly.GetExportedTypes()
        where type.IsInterface
        from method in type.GetMethods()
        where !method.IsSpecialName && IsTask(method.ReturnType)
        select method;

    private static bool IsTask(Type type) =>
        typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));
}

using System.Collections.Concurrent;
using System.Reflection;
using AgentVine.Testing.Fleet;

namespace AgentVine.System.Tests.WholePath;

/// <summary>Every scenario runs once, a few at a time, whichever test asks for it first.</summary>
public sealed class PlayedScenarios : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task>> _played = new();
    private readonly SemaphoreSlim _places = new(4);

    public static IEnumerable<string> Names => typeof(TransitionScenarios)
        .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Select(method => method.Name);

    public Task OfAsync(VineFleet vine, string name) => _played.GetOrAdd(name, _ => new Lazy<Task>(() => PlayAsync(vine, name))).Value;

    public void Dispose() => _places.Dispose();

    private async Task PlayAsync(VineFleet vine, string name)
    {
        await _places.WaitAsync();
        try
        {
            await (Task)typeof(TransitionScenarios).GetMethod(name)!.Invoke(new TransitionScenarios(vine), null)!;
        }
        finally
        {
            _places.Release();
        }
    }
}

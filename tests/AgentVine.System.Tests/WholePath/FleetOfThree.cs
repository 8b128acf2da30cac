using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

/// <summary><c>vine up</c> with three workers, for all classes of the collection one after the other.</summary>
public sealed class FleetOfThree : IAsyncLifetime
{
    public VineFleet Vine { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Vine = await VineFleet.UpAsync(workers: 3);

    public ValueTask DisposeAsync() => Vine?.DisposeAsync() ?? ValueTask.CompletedTask;
}

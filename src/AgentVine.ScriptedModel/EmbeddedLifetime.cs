using Microsoft.Extensions.Hosting;

namespace AgentVine.ScriptedModel;

/// <summary>Leaves the process's signals alone: the simulation is a guest in another program, which decides when it ends.</summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

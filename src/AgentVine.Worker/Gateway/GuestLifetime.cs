using Microsoft.Extensions.Hosting;

namespace AgentVine.Worker.Gateway;

/// <summary>Leaves the process's signals alone: the worker decides when its gateway ends.</summary>
internal sealed class GuestLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

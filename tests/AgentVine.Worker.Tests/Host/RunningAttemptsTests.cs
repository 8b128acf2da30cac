using AgentVine.Contracts.Workers;
using AgentVine.Testing.Time;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class RunningAttemptsTests
{
    private readonly RunningAttempts _running = new();

    [Fact]
    public void Cancel_ReachesItsAttempt_WhenItComesBeforeIt()
    {
        var order = Orders.New();
        using var lease = Orders.Lease(order, new ManualTime());
        using var attempt = Orders.Attempt(lease);

        _running.Take(Cancel(order.ExecutionId));
        _running.Add(attempt);

        Assert.True(attempt.Cancelled.IsCancellationRequested);
    }

    [Fact]
    public void Cancel_DoesNothing_WhenItsAttemptHasEnded()
    {
        var order = Orders.New();
        using (var lease = Orders.Lease(order, new ManualTime()))
        using (var attempt = Orders.Attempt(lease))
        {
            _running.Add(attempt);
            _running.Remove(attempt);
        }

        _running.Take(Cancel(order.ExecutionId));

        Assert.Empty(_running.All);
    }

    private static WorkerCommand Cancel(Guid executionId) => new() { N = 1, Type = WorkerCommandType.Cancel, ExecutionId = executionId };
}

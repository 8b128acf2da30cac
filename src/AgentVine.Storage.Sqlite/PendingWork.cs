using AgentVine.Engine.Kernel;

namespace AgentVine.Storage.Sqlite;

/// <summary>A pending unit whose work answers a <typeparamref name="T"/>.</summary>
internal sealed class PendingWork<T>(Guid organizationId, Func<IUnitOfWork, Task<T>> work) : PendingUnit(organizationId)
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _answer;

    /// <summary>Ends when the unit is durable, or has failed.</summary>
    public Task<T> Completion => _completion.Task;

    public override void Acknowledge() => _completion.SetResult(_answer!);

    public override void Fail(Exception exception) => _completion.SetException(exception);

    protected override void Abandon(CancellationToken cancellationToken) => _completion.SetCanceled(cancellationToken);

    protected override void Attempt(IUnitOfWork unit)
    {
        var task = work(unit);
        if (!task.IsCompleted)
        {
            throw new InvalidOperationException(
                "A unit of work awaited something other than its own statements, which would hold up every other writer. "
                + "Do that before the unit, or hand it to OnCommitted.");
        }

        _answer = task.GetAwaiter().GetResult();
    }
}

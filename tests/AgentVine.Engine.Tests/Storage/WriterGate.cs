using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tests.Storage;

/// <summary>Holds SQLite's writer inside a unit, so that the units which come meanwhile wait and make one group.</summary>
internal sealed class WriterGate : IAsyncDisposable
{
    private readonly ManualResetEventSlim _open = new();
    private readonly Task<int> _unit;

    private WriterGate(IStore store, TaskCompletionSource entered)
    {
        _unit = store.WriteAsync(
            Organizations.Default,
            _ =>
            {
                entered.SetResult();
                _open.Wait();
                return Task.FromResult(0);
            },
            CancellationToken.None);
    }

    public static async Task<WriterGate> CloseAsync(IStore store)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new WriterGate(store, entered);
        await entered.Task;
        return gate;
    }

    public Task OpenAsync()
    {
        _open.Set();
        return _unit;
    }

    public async ValueTask DisposeAsync()
    {
        await OpenAsync();
        _open.Dispose();
    }
}

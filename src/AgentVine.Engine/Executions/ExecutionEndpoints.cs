using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Executions;

/// <summary>Reading attempts, and the workers' way of adding to their output.</summary>
internal static class ExecutionEndpoints
{
    private const int LinesPerRead = 5000;
    private const int LongestWait = 60;

    public static async Task<Ok<ExecutionView>> Show(Guid id, IStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok((await store.ReadAsync(Organizations.Default, session => ExecutionRecords.GetAsync(session, id), cancellationToken)).ToView());

    public static (long After, int Limit, int Wait) ReadQuery(Query query) =>
        (query.Long("after", 0, long.MaxValue, 0), query.Int("limit", 1, LinesPerRead, 1000), query.Int("wait", 0, LongestWait, 0));

    /// <summary>Lines after a number; with <c>wait</c>, an empty answer is held back until there is one or the attempt has ended.</summary>
    public static async Task<Ok<IReadOnlyList<OutputLine>>> ReadOutput(
        Guid id, HttpContext context, IStore store, OutputSignal signal, TimeProvider time, CancellationToken cancellationToken)
    {
        var (after, limit, wait) = Query.Read(context, ReadQuery);
        var began = time.GetTimestamp();
        while (true)
        {
            var changed = signal.Changed(id);
            var (ended, lines) = await store.ReadAsync(
                Organizations.Default,
                async session => (
                    (await ExecutionRecords.GetAsync(session, id)).State != ExecutionStatus.Running,
                    await ExecutionOutput.ReadAsync(session, id, after, limit)),
                cancellationToken);
            var left = TimeSpan.FromSeconds(wait) - time.GetElapsedTime(began);
            if (lines.Count > 0 || ended || left <= TimeSpan.Zero)
            {
                return TypedResults.Ok(lines);
            }

            try
            {
                await changed.WaitAsync(left, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return TypedResults.Ok(lines);
            }
        }
    }

    public static async Task<Ok<AppendOutputResponse>> AppendOutput(
        Guid id, WorkerBody<AppendOutputRequest> body, IStore store, OutputSignal signal, CancellationToken cancellationToken)
    {
        var stored = await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                unit.OnCommitted(() => signal.Tell(id));
                return await ExecutionOutput.AppendAsync(unit, id, body.Value.Lines!);
            },
            cancellationToken);
        FaultPoints.Reach("server.output_committed");
        return TypedResults.Ok(new AppendOutputResponse(stored));
    }
}

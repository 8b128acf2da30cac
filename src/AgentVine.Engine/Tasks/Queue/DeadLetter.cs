using AgentVine.Contracts;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Events;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Repositories;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>The tasks that were given up, newest first, and the case file of one: <c>GET /api/v1/queue/dead-letter</c>.</summary>
internal static class DeadLetter
{
    public static (Paging Paging, IReadOnlyList<FailureCause> Causes) Read(Query query)
    {
        var causes = query.Enum<FailureCause>("cause");
        if (causes.Count > 1)
        {
            query.Faults.Add("cause", "is one cause at a time");
        }

        return (Paging.Read(query), causes);
    }

    public static async Task<ListReply<DeadLetterView>> List(HttpContext context, IStore store, TasksOptions options, CancellationToken cancellationToken)
    {
        var (paging, causes) = Query.Read(context, Read);
        return await store.ReadAsync(
            Organizations.Default,
            async session =>
            {
                var before = paging.After is { } after
                    ? await session.FirstOrDefaultAsync<WorkOrderRow>(DeadLetterSql.Find, new { TaskId = after })
                        ?? throw Faults.Of("after", $"names no task in the dead letter: {after}; it may have been requeued meanwhile")
                    : null;
                var orders = await PageAsync(session, before, paging.Limit, causes is [var cause] ? cause : null);
                var entries = new List<DeadLetterView>();
                foreach (var order in orders)
                {
                    entries.Add(Entry(order, await TaskRecords.ShowAsync(session, order.TaskId), options));
                }

                var next = orders.Count == paging.Limit ? orders[^1].TaskId.ToString() : null;
                return new ListReply<DeadLetterView>(entries, await EventLog.LastSequenceAsync(session), next);
            },
            cancellationToken);
    }

    public static async Task<Ok<CaseFile>> Show(
        Guid id, IStore store, TasksOptions options, BranchStore branches, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ReadAsync(
            Organizations.Default,
            async session =>
            {
                var task = await TaskRecords.ShowAsync(session, id);
                var order = await session.FirstOrDefaultAsync<WorkOrderRow>(DeadLetterSql.Find, new { TaskId = id }) ?? throw NotThere(id);
                return await CaseFiles.OpenAsync(session, Entry(order, task, options), branches.For(task.RepositoryId).Folder);
            },
            cancellationToken));

    /// <summary>A page of the orders, newest first; <paramref name="before"/> is the last of the page before, whatever became of it.</summary>
    public static Task<IReadOnlyList<WorkOrderRow>> PageAsync(IReadSession session, WorkOrderRow? before, int limit, FailureCause? cause)
    {
        var (at, sequence) = (before?.DeadAt ?? long.MaxValue, before?.Sequence ?? long.MaxValue);
        return cause is { } only
            ? session.QueryAsync<WorkOrderRow>(
                DeadLetterSql.PageOfCause, new { BeforeAt = at, BeforeSequence = sequence, Limit = limit, Cause = VineJson.Name(only) })
            : session.QueryAsync<WorkOrderRow>(DeadLetterSql.Page, new { BeforeAt = at, BeforeSequence = sequence, Limit = limit });
    }

    public static ProblemException NotThere(Guid id) => new(
        404,
        ErrorCodes.QueueDeadLetterNotFound,
        $"Task {id} is not in the dead letter. GET /api/v1/queue/dead-letter lists what is; a failed task that is not any more is retried with POST /api/v1/tasks/{id}/retry.");

    private static DeadLetterView Entry(WorkOrderRow order, TaskView task, TasksOptions options)
    {
        var since = order.DeadAt!.Value.Time();
        return new DeadLetterView
        {
            Id = task.Id,
            Title = task.Title,
            Cause = CauseWords.Cause(task.Error) ?? task.Error?.Cause,
            Words = CauseWords.Of(task.Error),
            Message = task.Error?.Message ?? task.StatusReason ?? "",
            Since = since,
            KeepUntil = since + options.DeadLetterKept,
            Task = task,
        };
    }
}

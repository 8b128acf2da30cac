using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Sessions;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Workers;

namespace AgentVine.Engine.Conversations;

/// <summary>What agents need answered: stored before it is shown, answered once, and told to the agent that asked.</summary>
internal sealed class RequestDesk(TaskRecords tasks, TaskReview review, Attempts attempts, CommandChannel commands, RequestsOptions options)
{
    /// <summary>So long may an agent that asked with the fleet's own tool not be heard of: each look of its call is noted.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    // A checkpoint is stored meanwhile.
    private static readonly TimeSpan LongestParking = TimeSpan.FromMinutes(10);

    public static Task<RequestRow?> FindAsync(IReadSession session, Guid id) =>
        session.FirstOrDefaultAsync<RequestRow>(ConversationsSql.FindRequest, new { Id = id });

    public static async Task<RequestRow> GetAsync(IReadSession session, Guid id) =>
        await FindAsync(session, id)
        ?? throw new ProblemException(404, ErrorCodes.RequestsNotFound, $"There is no request {id}. GET /api/v1/requests?status=open lists those that want an answer.");

    /// <summary>Opens a request of a running attempt; its task waits from here on. Asked again under the same id, it is the stored one.</summary>
    public async Task<RequestRow> OpenAsync(
        IUnitOfWork unit, ExecutionRow execution, OpenRequestRequest request, string through, CancellationToken cancellationToken)
    {
        var id = request.Id!.Value;
        if (await FindAsync(unit, id) is { } stored)
        {
            return stored.ExecutionId == execution.Id
                ? stored
                : throw new ProblemException(409, ErrorCodes.QueueLeaseLost, $"Request {id} is another execution's. Choose a new id for each request.");
        }

        var task = await TaskRecords.LockAsync(unit, execution.TaskId);
        if (task.ExecutionId != execution.Id || task.State is not (AgentTaskStatus.InProgress or AgentTaskStatus.Waiting))
        {
            throw new ProblemException(
                409, ErrorCodes.ExecutionsEnded, $"Execution {execution.Id} is {execution.Status} and its task is {task.Status}: nobody would get the answer.");
        }

        await InsertAsync(unit, new
        {
            Id = id,
            Kind = VineJson.Name(request.Kind!.Value),
            TaskId = task.Id,
            ExecutionId = (Guid?)execution.Id,
            execution.SessionId,
            WorkerId = (Guid?)execution.WorkerId,
            AskedThrough = through,
            request.Title,
            request.Body,
            Questions = JsonColumn.Write(request.Questions),
            Tool = JsonColumn.Write(request.Tool),
            AskedAt = unit.Now,
            EscalatesAt = (long?)(unit.Now + options.Timeout.Micros()),
            ParksAt = (long?)(unit.Now + options.ParkAfter.Micros()),
        });
        Tell(unit, EventTypes.RequestOpened, id, task.Id, execution, new { kind = VineJson.Name(request.Kind.Value), title = request.Title });
        if (await UseGrantAsync(unit, execution, request) is { } grant)
        {
            var granted = await GetAsync(unit, id);
            await HandAsync(unit, granted, JsonColumn.Read<RequestAnswer>(grant.Answer)!, grant.DecidedBy!, grant.Id);
            return await GetAsync(unit, id);
        }

        if (task.State == AgentTaskStatus.InProgress)
        {
            await tasks.MoveAsync(unit, task, AgentTaskStatus.Waiting, "kept waiting", request.Title, null, cancellationToken);
        }

        await SessionRecords.SetStatusAsync(unit, execution.Id, SessionStatus.Waiting);
        var opened = await GetAsync(unit, id);
        await TellWaitAsync(unit, opened, WorkerCommandType.Pause);
        return opened;
    }

    /// <summary>Opens the review that a finished attempt wants.</summary>
    public static async Task OpenReviewAsync(IUnitOfWork unit, TaskRow task)
    {
        var id = Guid.CreateVersion7(unit.Now.Time());
        var result = JsonColumn.Read<TaskResult>(task.Result);
        await InsertAsync(unit, new
        {
            Id = id,
            Kind = VineJson.Name(RequestKind.Review),
            TaskId = task.Id,
            ExecutionId = (Guid?)null,
            task.SessionId,
            WorkerId = (Guid?)null,
            AskedThrough = RequestRow.ThroughFleet,
            Title = $"Review: {task.Title}",
            Body = result?.Summary,
            Questions = (string?)null,
            Tool = (string?)null,
            AskedAt = unit.Now,
            EscalatesAt = (long?)null,
            ParksAt = (long?)null,
        });
        Tell(unit, EventTypes.RequestOpened, id, task.Id, null, new { kind = "review", title = $"Review: {task.Title}" });
    }

    /// <summary>Takes a person's answer. Of a review, it is the accept or reject of the task itself.</summary>
    public async Task<RequestRow> AnswerAsync(IUnitOfWork unit, Guid id, RequestAnswer answer, string actor, CancellationToken cancellationToken)
    {
        var request = await LockAsync(unit, id);
        if (request.State != RequestStatus.Open)
        {
            throw NotOpen(request);
        }

        RequestRules.Check(request, answer);
        if (request.KindValue == RequestKind.Review)
        {
            await (answer.Decision == AnswerDecision.Approve
                ? review.AcceptAsync(unit, request.TaskId, answer.Comment, actor, cancellationToken)
                : review.RejectAsync(unit, request.TaskId, answer.Comment!, actor, cancellationToken));
            return await GetAsync(unit, id);
        }

        await HandAsync(unit, request, answer, actor, grantOf: null);
        await TellWaitAsync(unit, request, WorkerCommandType.Resume);
        await GoOnAsync(unit, request, cancellationToken);
        return await GetAsync(unit, id);
    }

    /// <summary>
    /// The agent hung up on a question it asked with the fleet's own tool. Not withdrawn when that is because the attempt is being parked:
    /// the question then stays for the next one.
    /// </summary>
    public async Task HangUpAsync(IUnitOfWork unit, Guid id, CancellationToken cancellationToken)
    {
        if ((await LockAsync(unit, id)).ParkAskedAt is not { } asked || asked < unit.Now - LongestParking.Micros())
        {
            await WithdrawAsync(unit, id, cancellationToken);
        }
    }

    /// <summary>The agent waits for it still.</summary>
    public static Task SeeWaiterAsync(IUnitOfWork unit, Guid id) => unit.ExecuteAsync(ConversationsSql.SeeWaiter, new { Id = id, unit.Now });

    /// <summary>The agent no longer waits for it.</summary>
    public Task<RequestRow> WithdrawAsync(IUnitOfWork unit, Guid id, CancellationToken cancellationToken) =>
        WithdrawAsync(unit, id, "the agent no longer waits for it", cancellationToken);

    /// <summary>Nobody waits for it any more, for that reason.</summary>
    public async Task<RequestRow> WithdrawAsync(IUnitOfWork unit, Guid id, string reason, CancellationToken cancellationToken)
    {
        var request = await LockAsync(unit, id);
        if (request.State == RequestStatus.Open)
        {
            await CancelAsync(unit, request, reason);
            await TellWaitAsync(unit, request, WorkerCommandType.Resume);
            await GoOnAsync(unit, request, cancellationToken);
        }

        return await GetAsync(unit, id);
    }

    /// <summary>The agent has the answer.</summary>
    public static async Task DeliveredAsync(IUnitOfWork unit, Guid id)
    {
        var request = await GetAsync(unit, id);
        if (await unit.ExecuteAsync(ConversationsSql.DeliverAnswer, new { Id = id, unit.Now }) == 1)
        {
            unit.Append(new EventDraft(EventTypes.RequestDelivered, TaskId: request.TaskId, ExecutionId: request.ExecutionId, RequestId: id));
        }
    }

    public static async Task CancelAsync(IUnitOfWork unit, RequestRow request, string reason)
    {
        // None cancelled: it was answered since it was read.
        if (await unit.ExecuteAsync(ConversationsSql.Cancel, new { request.Id, Reason = reason, unit.Now }) == 1)
        {
            unit.Append(new EventDraft(
                EventTypes.RequestCancelled, TaskId: request.TaskId, ExecutionId: request.ExecutionId, RequestId: request.Id, Data: new { reason }));
        }
    }

    public static async Task CloseAnsweredAsync(IUnitOfWork unit, RequestRow request, RequestAnswer answer, string actor, Guid? grantOf = null)
    {
        // A review's answer is delivered by the task's own move.
        var deliveredAt = request.KindValue == RequestKind.Review ? unit.Now : (long?)null;
        await unit.ExecuteAsync(
            ConversationsSql.Answer,
            new { request.Id, Answer = JsonColumn.Write(answer), DecidedBy = actor, unit.Now, DeliveredAt = deliveredAt });
        unit.Append(new EventDraft(
            EventTypes.RequestAnswered,
            TaskId: request.TaskId,
            ExecutionId: request.ExecutionId,
            RequestId: request.Id,
            Data: new { decision = answer.Decision is { } decision ? VineJson.Name(decision) : null, decided_by = actor, grant_of = grantOf }));
    }

    // Stored as answered before its worker can hear of it.
    private async Task HandAsync(IUnitOfWork unit, RequestRow request, RequestAnswer answer, string actor, Guid? grantOf)
    {
        await CloseAnsweredAsync(unit, request, answer, actor, grantOf);
        if (request.AskedThrough == RequestRow.ThroughWorker && !request.IsParked)
        {
            await commands.AppendAsync(unit, request.WorkerId!.Value, new WorkerCommand
            {
                N = 0,
                Type = WorkerCommandType.Answer,
                ExecutionId = request.ExecutionId,
                RequestId = request.Id,
                Answer = answer,
            });
        }
    }

    // What a person allowed an earlier attempt to do, which was gone by then: exactly that, once.
    private static async Task<RequestRow?> UseGrantAsync(IUnitOfWork unit, ExecutionRow execution, OpenRequestRequest request)
    {
        if (request.Kind != RequestKind.Permission || request.Tool is not { } tool)
        {
            return null;
        }

        foreach (var grant in await unit.QueryAsync<RequestRow>(ConversationsSql.GrantsOfExecution, new { execution.TaskId, ExecutionId = execution.Id }))
        {
            var allowed = JsonColumn.Read<RequestTool>(grant.Tool)!;
            var isSame = allowed.Name == tool.Name
                && (allowed.Input is { } was && tool.Input is { } now ? JsonElement.DeepEquals(was, now) : allowed.Input is null && tool.Input is null);
            if (isSame && await unit.ExecuteAsync(ConversationsSql.UseGrant, new { grant.Id, unit.Now }) == 1)
            {
                return grant;
            }
        }

        return null;
    }

    // The task first, as its moves do: two answers at one moment must each see the other's, and no end may wait for an answer that waits for it.
    private static async Task<RequestRow> LockAsync(IUnitOfWork unit, Guid id)
    {
        await TaskRecords.LockAsync(unit, (await GetAsync(unit, id)).TaskId);
        await unit.ExecuteAsync(ConversationsSql.LockRequest, new { Id = id });
        return await GetAsync(unit, id);
    }

    private static Task InsertAsync(IUnitOfWork unit, object row) => unit.ExecuteAsync(ConversationsSql.InsertRequest, row);

    private static void Tell(IUnitOfWork unit, string type, Guid requestId, Guid taskId, ExecutionRow? execution, object data) =>
        unit.Append(new EventDraft(type, TaskId: taskId, ExecutionId: execution?.Id, RequestId: requestId, WorkerId: execution?.WorkerId, Data: data));

    private static ProblemException NotOpen(RequestRow request) => new(
        409,
        ErrorCodes.RequestsNotOpen,
        request.State == RequestStatus.Answered
            ? $"Request {request.Id} was answered at {request.ClosedAt.Time():O} by {request.DecidedBy}; an answer is given once."
            : $"Request {request.Id} was cancelled at {request.ClosedAt.Time():O}: {request.CancelReason}. Nobody waits for an answer.");

    // What an agent asks with the fleet's own tool its worker does not see, and would count the wait as the agent's time.
    private async Task TellWaitAsync(IUnitOfWork unit, RequestRow request, WorkerCommandType type)
    {
        if (request.AskedThrough == RequestRow.ThroughMcp && !request.IsParked)
        {
            await commands.AppendAsync(
                unit, request.WorkerId!.Value, new WorkerCommand { N = 0, Type = type, ExecutionId = request.ExecutionId, RequestId = request.Id });
        }
    }

    // The task goes on when nothing else of its attempt is open.
    private async Task GoOnAsync(IUnitOfWork unit, RequestRow request, CancellationToken cancellationToken)
    {
        var open = await unit.QueryAsync<RequestRow>(ConversationsSql.OpenOfExecution, new { request.ExecutionId });
        var task = await TaskRecords.LockAsync(unit, request.TaskId);
        if (open.Count > 0 || task.State != AgentTaskStatus.Waiting || task.ExecutionId != request.ExecutionId)
        {
            return;
        }

        if (request.IsParked)
        {
            await attempts.ResumeParkedAsync(unit, task, cancellationToken);
        }
        else
        {
            await tasks.MoveAsync(unit, task, AgentTaskStatus.InProgress, "let go on", null, null, cancellationToken);
            await SessionRecords.SetStatusAsync(unit, request.ExecutionId!.Value, SessionStatus.Active);
        }
    }
}

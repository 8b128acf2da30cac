using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes;
using AgentVine.Runtimes.Processes;
using AgentVine.Worker.Accounts;
using AgentVine.Worker.Outbox;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

/// <summary>Runs one leased work order from its clone to its end, and tells the server how it ended.</summary>
internal sealed partial class AttemptRunner(
    ServerLink server,
    WorkerOutbox news,
    WorkspaceMaker workspaces,
    ModelCalls models,
    IReadOnlyDictionary<string, IAgentRuntime> runtimes,
    IProcessLauncher launcher,
    Deletions deletions,
    WorkerOptions options,
    TimeProvider time,
    ILogger<AttemptRunner> logger)
{
    // A worker that stops gives what is left to be sent this long.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(15);

    // And what is left to be deleted this long; its next start goes on with that.
    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(5);

    /// <summary>Runs the attempt. Unless <paramref name="taking"/> is over by its end, the next order is claimed with that.</summary>
    public async Task<ClaimedOrder?> RunAsync(RunningAttempt attempt, CancellationToken taking)
    {
        var order = attempt.Lease.Order;
        LogBegins(order.Task.Id, order.Attempt, order.Task.Runtime);
        FaultPoints.Reach("worker.claim_received");
        await using var outbox = news.For(order.ExecutionId);
        await using var output = new OutputWriter(outbox, order.ExecutionId, time, logger, mostKept: options.MaxOutput);
        await using var calls = models.Begin(attempt.Lease, outbox, output);
        using var clock = new AgentClock(TimeLimit(order), time);
        using var held = attempt.Lease.Watch(clock.Pause, clock.Resume);
        await using var disk = new DiskWatch(options.MaxDiskBytes, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            [attempt.Lease.Lost, attempt.Cancelled, attempt.Stopped, attempt.WorkerStops, clock.RanOut, disk.Exceeded]);
        CheckpointKeeper? keeper = null;
        AttemptOutcome outcome;
        try
        {
            var workspace = await workspaces.MakeAsync(order, stop.Token);
            keeper = Keeper(attempt, workspace, output);
            await output.NoteAsync($"Clone of {workspace.TargetBranch} at {workspace.BaseCommit[..10]} on branch {workspace.WorkBranch}; sandbox {launcher.Sandbox}{(calls.Access?.Socket is null ? "" : ", no network")}.", stop.Token);
            disk.Begin(workspace.Clone, workspace.Home);
            if (workspace.MergedIn is { Count: > 0 } others)
            {
                await output.NoteAsync($"It has the work of: {string.Join(", ", others.Select(other => $"\"{other.Title}\" ({other.TaskId})"))}.", stop.Token);
            }

            outcome = await WorkAsync(attempt, keeper, calls, output, clock, stop.Token);
        }
        catch (WorkspaceException failure)
        {
            outcome = AttemptOutcome.Failed(failure.Kind, failure.Cause, failure.Message);
        }
        catch (AgentLaunchException failure)
        {
            outcome = AttemptOutcome.Failed(failure.Kind, FailureCause.NotStarted, failure.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            outcome = AttemptOutcome.Failed(FailureKind.Interrupted, null, "stopped before the agent had begun");
        }
        catch (Exception exception)
        {
            LogBug(exception, order.ExecutionId);
            outcome = AttemptOutcome.Failed(FailureKind.Transient, WorkspaceException.CauseOf(exception), $"The worker failed: {exception.Message} Its log has the whole of it under execution {order.ExecutionId}.");
        }

        outcome = await calls.EndAsync(outcome);
        outcome = WhyStopped(attempt, clock, disk, outcome) is { } error ? outcome with { Error = error } : outcome;
        await (keeper?.EndAsync() ?? Task.CompletedTask);
        var ending = await FinishAsync(attempt, keeper, output, outbox, outcome, taking);
        if (keeper is not null && ending.IsTold)
        {
            // Beside the next attempt, whose lease runs already: looking through the files may take long.
            deletions.Begin(() => DeleteAsync(keeper, ending.Branch, attempt.WorkerStops));
        }

        return ending.Next;
    }

    private CheckpointKeeper Keeper(RunningAttempt attempt, Workspace workspace, OutputWriter output)
    {
        var transcripts = runtimes.GetValueOrDefault(attempt.Lease.Order.Task.Runtime)?.Transcripts;
        var source = new CheckpointSource(workspace, transcripts, () => attempt.Lease.Beat().SessionId);
        return new CheckpointKeeper(source, server.Under(attempt.Lease), output.NoteAsync, options.MaxBundleBytes, time, logger);
    }

    private TaskError? WhyStopped(RunningAttempt attempt, AgentClock clock, DiskWatch disk, AttemptOutcome outcome)
    {
        if (attempt.Cancelled.IsCancellationRequested)
        {
            return new TaskError { Kind = FailureKind.Cancelled, Message = "its task was cancelled" };
        }

        if (outcome.Parked)
        {
            return null;
        }

        if (attempt.Stopped.IsCancellationRequested)
        {
            return new TaskError { Kind = FailureKind.Interrupted, Message = "it was stopped" };
        }

        if (attempt.WorkerStops.IsCancellationRequested || attempt.Lease.Lost.IsCancellationRequested)
        {
            return new TaskError { Kind = FailureKind.Interrupted, Message = "its worker stopped" };
        }

        if (disk.Exceeded.IsCancellationRequested)
        {
            return TooMuchDisk(disk.Used);
        }

        return clock.RanOut.IsCancellationRequested
            ? new TaskError
            {
                Kind = FailureKind.TimedOut,
                Cause = FailureCause.TimedOut,
                Message = $"the agent had worked for its {TimeLimit(attempt.Lease.Order).TotalSeconds:0} s; waiting for people was not counted",
            }
            : null;
    }

    private TaskError TooMuchDisk(long used) => new()
    {
        Kind = FailureKind.BadResult,
        Cause = FailureCause.DiskFull,
        Message = $"its files took {used / 1048576.0:0} MiB of disk, and an attempt may have {options.MaxDiskBytes / 1048576.0:0} MiB here (max_disk_gib of the worker's file)",
    };

    private TimeSpan TimeLimit(WorkOrderView order)
    {
        var asked = TimeSpan.FromSeconds(order.Task.Timeout);
        return options.Timeout is { } most && most < asked ? most : asked;
    }

    private async Task<AttemptOutcome> WorkAsync(
        RunningAttempt attempt, CheckpointKeeper keeper, AttemptCalls calls, OutputWriter output, AgentClock clock, CancellationToken stop)
    {
        var (order, workspace) = (attempt.Lease.Order, keeper.Workspace);
        if (calls.LacksAccount)
        {
            return AttemptOutcome.Failed(
                FailureKind.Transient,
                FailureCause.NotStarted,
                $"Worker {options.Name} has no account '{order.Account}', which the server chose to pay the attempt. If its configuration has changed, restart it: it then registers the accounts that it has.");
        }

        if ((calls.Runtime ?? runtimes.GetValueOrDefault(order.Task.Runtime)) is not { } runtime)
        {
            return AttemptOutcome.Failed(FailureKind.Permanent, FailureCause.NotStarted, $"Worker {options.Name} has no runtime '{order.Task.Runtime}'; it has: {string.Join(", ", runtimes.Keys)}.");
        }

        var (session, problem) = await new SessionRestore(server.Under(attempt.Lease)).RunAsync(order, workspace, runtime, stop);
        if (problem is not null)
        {
            await output.NoteAsync(problem, stop);
        }

        var launch = new AgentLaunch
        {
            ExecutionId = order.ExecutionId,
            WorkingDirectory = workspace.Clone,
            StateDirectory = workspace.Home,
            Instructions = Instructions.For(order, workspace, resumes: session is not null),
            SessionId = session ?? Guid.NewGuid(),
            Resume = session is not null,
            NewTask = order.Session is { Reused: true },
            Model = order.Task.Model,
            Payload = order.Task.Payload,
            ReadOnly = order.Task.TaskType == TaskType.Review,
            SharedFolders = [workspace.Objects],
            Mcp = new McpAccess(new Uri(server.Client.Server, "/mcp"), order.AgentToken),
            ModelAccess = calls.Access,
            Processes = launcher,
        };
        var outcome = await ConverseAsync(attempt, keeper, runtime, launch, output, clock, stop);
        if (!outcome.SessionUnknown)
        {
            return outcome;
        }

        await output.NoteAsync("The agent program does not know the earlier conversation, and begins a new one.", stop);
        launch = launch with { Resume = false, SessionId = Guid.NewGuid(), Instructions = Instructions.For(order, workspace, resumes: false) };
        return await ConverseAsync(attempt, keeper, runtime, launch, output, clock, stop);
    }

    private async Task<AttemptOutcome> ConverseAsync(
        RunningAttempt attempt, CheckpointKeeper keeper, IAgentRuntime runtime, AgentLaunch launch, OutputWriter output, AgentClock clock, CancellationToken stop)
    {
        keeper.Begin(launch.SessionId);
        await using var run = await runtime.StartAsync(launch, stop);
        FaultPoints.Reach("worker.agent_started");
        using var stalls = new StallWatch(TimeSpan.FromSeconds(attempt.Settings.StallAfterSeconds), time);
        using var held = attempt.Lease.Watch(stalls.Pause, stalls.Resume);
        var context = new AttemptContext
        {
            Server = server,
            Attempt = attempt,
            Output = output,
            Clock = clock,
            Stalls = stalls,
            Capabilities = runtime.Capabilities,
            TargetBranch = keeper.Workspace.TargetBranch,
            Checkpoints = runtime.Capabilities.Resume ? keeper : null,
        };
        return await new AgentConversation(context, run, logger).RunAsync(stop);
    }

    private async Task<Ending> FinishAsync(
        RunningAttempt attempt, CheckpointKeeper? keeper, OutputWriter output, AttemptOutbox outbox, AttemptOutcome outcome, CancellationToken taking)
    {
        using var hurry = new HurriedToken(LastWords, time, attempt.WorkerStops);
        string? branch = null;
        try
        {
            // A parked attempt's work is in its checkpoint.
            if (keeper is not null && !outcome.Parked)
            {
                (outcome, branch) = await BringHomeAsync(keeper, output, attempt.Lease, outcome, hurry.Token);
            }

            if (outcome.Error is { } error)
            {
                await output.NoteAsync($"The attempt ended: {VineJson.Name(error.Kind)}, {error.Message}", hurry.Token);
            }

            await output.FinishAsync(hurry.Token);
            var claim = taking.IsCancellationRequested ? null : new ClaimNext { ClaimId = Guid.CreateVersion7() };
            return new Ending(await EndAsync(outbox, attempt.Lease.Order, outcome, claim, hurry.Token), branch, IsTold: true);
        }
        catch (OperationCanceledException) when (hurry.Token.IsCancellationRequested)
        {
            LogUntold(attempt.Lease.Order.ExecutionId, keeper?.Workspace.Clone);
            return new Ending(null, null, IsTold: false);
        }
    }

    private async Task DeleteAsync(CheckpointKeeper keeper, string? branch, CancellationToken workerStops)
    {
        using var hurry = new HurriedToken(LastLook, time, workerStops);
        await using (keeper)
        {
            try
            {
                await keeper.DeleteAsync(branch, hurry.Token);
            }
            catch (OperationCanceledException) when (hurry.Token.IsCancellationRequested)
            {
                // The worker stops: its next start looks through what stays.
            }
            catch (Exception exception)
            {
                LogBug(exception, keeper.Workspace.Folders.ExecutionId);
            }
        }
    }

    private async Task<(AttemptOutcome Outcome, string? Branch)> BringHomeAsync(
        CheckpointKeeper keeper, OutputWriter output, Lease lease, AttemptOutcome outcome, CancellationToken cancellationToken)
    {
        var branch = (string?)null;
        Exception? problem = null;

        // An agent that cannot be resumed begins anew after a failure, from files as they were.
        var isOfUse = outcome.Error is null || runtimes.GetValueOrDefault(lease.Order.Task.Runtime)?.Transcripts is not null;
        try
        {
            branch = lease.Order.Task.TaskType == TaskType.Review ? null : await SendBranchAsync(keeper.Workspace, output, lease, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotCollected(failure, lease.Order.ExecutionId);
            var kind = failure is WorkspaceException workspaceFailure ? workspaceFailure.Kind : FailureKind.Transient;
            var error = new TaskError { Kind = kind, Cause = WorkspaceException.CauseOf(failure), Message = failure.Message };
            (problem, outcome) = (failure, outcome.Error is null ? outcome with { Error = error } : outcome);
        }

        if (isOfUse)
        {
            await keeper.KeepAsync(CheckpointTrigger.Ended, cancellationToken);
        }

        if (problem is not null)
        {
            await TellWhereAsync(keeper, output, problem, cancellationToken);
        }

        return (outcome, branch);
    }

    // Work that did not get home, as a checkpoint either, is kept where it is, and its output says where that is.
    private static async Task TellWhereAsync(CheckpointKeeper keeper, OutputWriter output, Exception problem, CancellationToken cancellationToken)
    {
        var isGone = await keeper.DeleteAsync(branch: null, cancellationToken);
        var where = isGone ? "Its files are in the attempt's last checkpoint." : $"Its files are kept on {Environment.MachineName} in {keeper.Workspace.Clone}.";
        await output.NoteAsync($"The agent's work could not be brought out as a branch: {problem.Message} {where}", cancellationToken);
    }

    private async Task<string?> SendBranchAsync(Workspace workspace, OutputWriter output, Lease lease, CancellationToken cancellationToken)
    {
        var branches = new BranchSender(server.Under(lease), options.MaxBundleBytes, time);
        var stored = await branches.SendAsync(workspace, lease.Order, cancellationToken);
        await output.NoteAsync(
            stored is null
                ? "The agent changed nothing."
                : $"Branch {stored.Branch} stored at {stored.Commit[..10]}: {stored.DiffStat.Files} files, +{stored.DiffStat.Insertions} -{stored.DiffStat.Deletions}.",
            cancellationToken);
        return stored?.Commit;
    }

    private async Task<ClaimedOrder?> EndAsync(
        AttemptOutbox outbox, WorkOrderView order, AttemptOutcome outcome, ClaimNext? next, CancellationToken cancellationToken)
    {
        var request = Request(order, outcome, next);
        var told = await outbox.Add(OutboxCalls.End(request), request).Outcome.WaitAsync(cancellationToken);
        if (told.Refusal is { } refusal)
        {
            // Final: the server has recorded what it takes of a superseded attempt.
            LogSuperseded(order.ExecutionId, refusal.Code, refusal.Detail);
            return null;
        }

        var ended = told.Take<EndResponse>();
        LogEnded(order.Task.Id, order.Attempt, outcome.How, VineJson.Name(ended.TaskStatus));
        return ended.Next is null ? null : new ClaimedOrder(ended.Next, told.SentAt);
    }

    private static object Request(WorkOrderView order, AttemptOutcome outcome, ClaimNext? next) => outcome switch
    {
        { Error: { } error } => new FailRequest { WorkOrderId = order.Id, LeaseToken = order.LeaseToken, Error = error, Result = outcome.ToResult(), ClaimNext = next },
        { Parked: true } => new ParkRequest { WorkOrderId = order.Id, LeaseToken = order.LeaseToken, Result = outcome.ToResult(), ClaimNext = next },
        _ => new CompleteRequest { WorkOrderId = order.Id, LeaseToken = order.LeaseToken, Result = outcome.ToResult(), ClaimNext = next },
    };

    private readonly record struct Ending(ClaimedOrder? Next, string? Branch, bool IsTold);

    [LoggerMessage(Level = LogLevel.Information, Message = "Task {TaskId}, attempt {Attempt} begins with {Runtime}.")]
    private partial void LogBegins(Guid taskId, int attempt, string runtime);

    [LoggerMessage(Level = LogLevel.Information, Message = "Task {TaskId}, attempt {Attempt} ended {End}; the task is {Status}.")]
    private partial void LogEnded(Guid taskId, int attempt, string end, string status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of execution {ExecutionId} was refused ({Code}): {Detail}")]
    private partial void LogSuperseded(Guid executionId, string? code, string? detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server did not hear of the end of execution {ExecutionId} before the worker's; its files are kept in {Clone}.")]
    private partial void LogUntold(Guid executionId, string? clone);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The work of execution {ExecutionId} could not be brought out of its clone.")]
    private partial void LogNotCollected(Exception exception, Guid executionId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Execution {ExecutionId} met a fault of the worker itself.")]
    private partial void LogBug(Exception exception, Guid executionId);
}

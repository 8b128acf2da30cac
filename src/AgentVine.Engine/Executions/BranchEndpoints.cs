using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Repositories;
using AgentVine.Git.Bundles;
using AgentVine.Git.Names;
using AgentVine.Git.Repositories;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Executions;

/// <summary>What attempts hand back: commits as git bundles, kept under their attempt whatever became of it.</summary>
internal static class BranchEndpoints
{
    public static (string Commit, string Base) ReadStoreQuery(Query query) => (Commit(query, "commit"), Commit(query, "base"));

    public static (string Commit, string? Target) ReadBaseQuery(Query query) => (Commit(query, "commit"), OptionalCommit(query, "target"));

    public static bool ReadWhole(Query query) => query.Bool("whole");

    /// <summary>Stores the attempt's branch. A superseded attempt's is kept under its own ref and moves no branch.</summary>
    public static async Task<Ok<StoreBranchResponse>> Store(Guid id, HttpContext context, IStore store, BranchStore branches, CancellationToken cancellationToken)
    {
        var (commit, baseCommit) = Query.ReadFromWorker(context, ReadStoreQuery);
        var execution = await store.ReadAsync(Organizations.Default, session => ExecutionRecords.GetAsync(session, id), cancellationToken);
        var branch = WorkRefs.Branch(execution.TaskId);
        var repository = branches.For(execution.RepositoryId);
        List<RefUpdate> updates = [new RefUpdate(WorkRefs.Attempt(execution.TaskId, execution.Attempt), RefRule.FastForward)];
        await ReceiveAsync(
            context.Request.Body,
            branches,
            WorkRefs.Head(branch),
            bundle => repository.StoreAsync(bundle, commit, updates, cancellationToken),
            cancellationToken);
        var diffStat = await repository.DiffStatAsync(baseCommit, commit, cancellationToken);
        var hasEffect = await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                await unit.ExecuteAsync(ExecutionsSql.Lock, new { Id = id });
                var isRunning = (await ExecutionRecords.GetAsync(unit, id)).State == ExecutionStatus.Running;
                await unit.ExecuteAsync(
                    ExecutionsSql.SetBranch,
                    new { Id = id, Branch = isRunning ? branch : null, BaseCommit = baseCommit, HeadCommit = commit, DiffStat = JsonColumn.Write(diffStat) });
                unit.Append(new EventDraft(
                    EventTypes.ExecutionBranchStored,
                    TaskId: execution.TaskId,
                    ExecutionId: id,
                    WorkerId: execution.WorkerId,
                    Data: new { branch = isRunning ? branch : null, commit, diff_stat = diffStat }));
                return isRunning;
            },
            cancellationToken);
        if (hasEffect)
        {
            await MoveBranchAsync(execution.TaskId, repository, store, cancellationToken);
        }

        return TypedResults.Ok(new StoreBranchResponse(branch, commit, diffStat));
    }

    // The database says which attempt's work the branch is. Looked at again after the move: another attempt may have come between.
    private static async Task MoveBranchAsync(Guid taskId, BareRepository repository, IStore store, CancellationToken cancellationToken)
    {
        List<RefUpdate> updates = [new RefUpdate(WorkRefs.Head(WorkRefs.Branch(taskId)), RefRule.Replace)];
        for (string? moved = null; ;)
        {
            var newest = await store.ReadAsync(
                Organizations.Default, session => session.FirstOrDefaultAsync<string>(ExecutionsSql.BranchOfTask, new { TaskId = taskId }), cancellationToken);
            if (newest is null || newest == moved)
            {
                return;
            }

            await repository.MoveAsync(updates, newest, cancellationToken);
            moved = newest;
        }
    }

    /// <summary>
    /// Stores commits that the branch builds on, when the server lacks them. With a target it is a base that dependencies were merged into,
    /// which is noted; the body is empty then where the server has all of it.
    /// </summary>
    public static async Task<NoContent> StoreBase(Guid id, HttpContext context, IStore store, BranchStore branches, CancellationToken cancellationToken)
    {
        var (commit, target) = Query.ReadFromWorker(context, ReadBaseQuery);
        var execution = await store.ReadAsync(Organizations.Default, session => ExecutionRecords.GetAsync(session, id), cancellationToken);
        var repository = branches.For(execution.RepositoryId);
        var body = new FirstByte(context.Request.Body);
        if (target is null || await body.AnyAsync(cancellationToken))
        {
            await ReceiveAsync(body, branches, WorkRefs.Base(commit), bundle => repository.StoreBaseAsync(bundle, cancellationToken), cancellationToken);
        }
        else
        {
            Check(await repository.MoveAsync([new RefUpdate(WorkRefs.Base(commit), RefRule.Replace)], commit, cancellationToken)
                ?? new StoreOutcome.Refused($"The body holds no commits, and the server does not have {commit}. Send a bundle of it."));
        }

        if (target is not null)
        {
            await store.WriteAsync(
                Organizations.Default,
                unit => unit.ExecuteAsync(ExecutionsSql.SetMergedBase, new { Id = id, MergedBase = commit, MergedTarget = target }),
                cancellationToken);
        }

        return TypedResults.NoContent();
    }

    /// <summary>
    /// What an attempt handed back, as a bundle of its task's branch, less the commit of the target branch that it builds on; <c>whole</c>: with
    /// all history.
    /// </summary>
    public static async Task<FileStreamHttpResult> Bundle(Guid id, HttpContext context, IStore store, BranchStore branches, CancellationToken cancellationToken)
    {
        var whole = Query.Read(context, ReadWhole);
        var execution = await store.ReadAsync(Organizations.Default, session => ExecutionRecords.GetAsync(session, id), cancellationToken);
        return execution is { HeadCommit: { } head, BaseCommit: { } start }
            ? await SendAsync(branches, execution, WorkRefs.Head(WorkRefs.Branch(execution.TaskId)), head, whole ? [] : [execution.MergedTarget ?? start], cancellationToken)
            : throw new ProblemException(409, ErrorCodes.TasksNoBranch, $"Execution {id} handed back no branch; it is {execution.Status}.");
    }

    /// <summary>The base that an attempt's worker merged dependencies into, as a bundle of <c>refs/vine/bases/&lt;commit&gt;</c>.</summary>
    public static async Task<FileStreamHttpResult> Base(Guid id, HttpContext context, IStore store, BranchStore branches, CancellationToken cancellationToken)
    {
        var whole = Query.Read(context, ReadWhole);
        var execution = await store.ReadAsync(Organizations.Default, session => ExecutionRecords.GetAsync(session, id), cancellationToken);
        return execution is { MergedBase: { } merged, MergedTarget: { } target }
            ? await SendAsync(branches, execution, WorkRefs.Base(merged), merged, whole ? [] : [target], cancellationToken)
            : throw new ProblemException(409, ErrorCodes.TasksNoBranch, $"Execution {id} has no base of its own: it started from its target branch.");
    }

    /// <summary>Writes a bundle of a commit and sends it; the file goes with the reply.</summary>
    public static async Task<FileStreamHttpResult> SendAsync(
        BranchStore branches, ExecutionRow execution, string reference, string commit, IReadOnlyList<string> have, CancellationToken cancellationToken)
    {
        var path = branches.NewPath();
        try
        {
            await branches.For(execution.RepositoryId).CreateBundleAsync(reference, commit, have, path, cancellationToken);
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 65_536, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
            return TypedResults.Stream(file, "application/x-git-bundle");
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Takes a bundle to a file of its own and has it stored; throws what the worker is to know when it cannot be.</summary>
    public static async Task ReceiveAsync(
        Stream upload, BranchStore branches, string reference, Func<Bundle, Task<StoreOutcome>> store, CancellationToken cancellationToken)
    {
        try
        {
            Check(await branches.ReceiveAsync(upload, reference, store, cancellationToken));
        }
        catch (BundleException refusal)
        {
            throw new ProblemException(422, ErrorCodes.ExecutionsBundle, refusal.Message);
        }
    }

    /// <summary>Throws what the worker is to know of a bundle that was not stored.</summary>
    public static void Check(StoreOutcome outcome)
    {
        switch (outcome)
        {
            case StoreOutcome.Stored:
                return;
            case StoreOutcome.MissingPrerequisites missing:
                throw new ProblemException(
                    409,
                    ErrorCodes.ExecutionsBundlePrerequisite,
                    "The bundle builds on commits that the server lacks. Send them with PUT …/base, then the bundle again.",
                    new Dictionary<string, IReadOnlyList<string>> { ["missing"] = missing.Missing, ["have"] = missing.Have });
            case StoreOutcome.Refused refused:
                throw new ProblemException(422, ErrorCodes.ExecutionsBundle, refused.Reason);
            case StoreOutcome.NotFastForward aside:
                throw new ProblemException(
                    409, ErrorCodes.ExecutionsBundle, $"'{aside.Reference}' is at {aside.Current}, and the bundle does not build on it: an attempt's branch only grows.");
            default:
                throw new InvalidOperationException($"{outcome} is no outcome of storing a bundle.");
        }
    }

    private static string? OptionalCommit(Query query, string name)
    {
        var text = query.Text(name);
        if (text is not null && !CommitId.IsValid(text))
        {
            query.Faults.Add(name, "must be a full commit id: 40 hexadecimal digits");
        }

        return text;
    }

    private static string Commit(Query query, string name)
    {
        var text = query.Text(name);
        if (!CommitId.IsValid(text))
        {
            query.Faults.Add(name, "must be a full commit id: 40 hexadecimal digits");
        }

        return text ?? "";
    }
}

using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using Xunit;

namespace AgentVine.Testing.Conformance;

public abstract partial class QueueConformance
{
    private static readonly string MergedBase = new('e', 40);
    private static readonly string MergedTarget = new('f', 40);

    [Fact]
    public async Task A_claim_tells_what_the_dependencies_handed_back_for_the_same_branch_of_the_same_repository()
    {
        var worker = await _fleet.RegisterAsync();
        var below = await HandedInAsync(worker, "below", '1');
        var review = await HandedInAsync(worker, "review", commit: null, dependsOn: below.Id);
        var first = await HandedInAsync(worker, "first", '2');
        var otherBranch = await HandedInAsync(worker, "other branch", '3', branch: "release");
        var otherRepository = await HandedInAsync(worker, "other repository", '4', repository: "https://example.com/team/other");
        var task = await _fleet.FileAsync(new CreateTaskRequest
        {
            Title = "dependent",
            RepositoryUrl = QueueFleet.Repository,
            BranchName = "main",
            DependsOn = [first.Id, otherBranch.Id, review.Id, otherRepository.Id],
        });
        var claim = Guid.NewGuid();

        var order = (await _fleet.ClaimAsync(worker, claim))!;
        var again = (await _fleet.ClaimAsync(worker, claim))!;

        Assert.Equal(
            [
                new WorkOrderDependency(first.Id, "first", $"vine/{first.Id}", new string('2', 40), first.Execution),
                new WorkOrderDependency(below.Id, "below", $"vine/{below.Id}", new string('1', 40), below.Execution),
            ],
            order.Dependencies);
        Assert.Equal(order.Dependencies, again.Dependencies);
        Assert.Equal((task.Id, null), (order.Task.Id, order.MergedBase));
    }

    [Fact]
    public async Task An_attempt_that_goes_on_keeps_the_base_and_one_that_begins_anew_is_told_afresh()
    {
        var worker = await _fleet.RegisterAsync();
        var first = await HandedInAsync(worker, "first", '2');
        var task = await _fleet.FileAsync("dependent", dependsOn: [first.Id]);
        var order = await BeginAsync(worker, task.Id);
        await WriteAsync(ExecutionsSql.SetMergedBase, new { Id = order.ExecutionId, MergedBase, MergedTarget });
        await _fleet.OpenSessionAsync(order);
        await _fleet.CheckpointAsync(order, 1);
        await WriteAsync("update checkpoints set base_commit = @MergedBase where organization_id = @OrganizationId", new { MergedBase });
        for (var round = 0; round < 2; round++)
        {
            await _fleet.FailAsync(order, FailureKind.Interrupted);
            order = await BeginAsync(worker, task.Id);

            Assert.Equal(new WorkOrderBase(MergedBase, MergedTarget), order.MergedBase);
            Assert.Equal(first.Id, Assert.Single(order.Dependencies).TaskId);
        }

        await _fleet.FailAsync(order, FailureKind.Permanent);
        await _fleet.RetryAsync(task.Id, RequeueSession.Fresh);
        order = await BeginAsync(worker, task.Id);
        Assert.Equal((null, null, first.Id), (order.Checkpoint, order.MergedBase, Assert.Single(order.Dependencies).TaskId));
    }

    [Fact]
    public async Task A_base_that_the_work_was_moved_off_is_not_fetched_again()
    {
        var worker = await _fleet.RegisterAsync();
        var first = await HandedInAsync(worker, "first", '2');
        var task = await _fleet.FileAsync("dependent", dependsOn: [first.Id]);
        var order = await BeginAsync(worker, task.Id);
        await WriteAsync(ExecutionsSql.SetMergedBase, new { Id = order.ExecutionId, MergedBase, MergedTarget });
        await _fleet.CheckpointAsync(order, 1);
        await _fleet.FailAsync(order, FailureKind.Interrupted);

        Assert.Null((await BeginAsync(worker, task.Id)).MergedBase);
    }

    private async Task<(Guid Id, Guid Execution)> HandedInAsync(
        Guid worker, string title, char? commit, string branch = "main", string repository = QueueFleet.Repository, params Guid[] dependsOn)
    {
        var task = await _fleet.FileAsync(new CreateTaskRequest { Title = title, RepositoryUrl = repository, BranchName = branch, DependsOn = dependsOn });
        var order = await BeginAsync(worker, task.Id);
        if (commit is { } digit)
        {
            await WriteAsync(
                ExecutionsSql.SetBranch,
                new { Id = order.ExecutionId, Branch = $"vine/{task.Id}", BaseCommit = new string('0', 40), HeadCommit = new string(digit, 40), DiffStat = (string?)null });
        }

        await _fleet.CompleteAsync(order);
        return (task.Id, order.ExecutionId);
    }

    private Task WriteAsync(string sql, object parameters) => _fleet.Store.WriteAsync(Organizations.Default, unit => unit.ExecuteAsync(sql, parameters), default);
}

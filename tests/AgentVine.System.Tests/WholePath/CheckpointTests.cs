using System.Security.Cryptography;
using System.Text;
using AgentVine.Client;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

/// <summary>Checkpoints over HTTP, sent by a worker of the test's own: stored as a pair or not at all.</summary>
public sealed class CheckpointTests(ServerAlone server) : IClassFixture<ServerAlone>
{
    private static readonly byte[] Transcript = Encoding.UTF8.GetBytes("""{"type":"user"}""" + "\n");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private VineClient Client => server.Vine.Client;

    [Fact]
    public async Task A_pair_is_stored_and_found_again_and_repeating_it_stores_nothing()
    {
        var order = await ClaimAsync();
        var (checkpoint, bundle) = await MakeAsync(order, n: 1, "one\n");

        var stored = await SendAsync(order, checkpoint, [.. Transcript, .. bundle]);
        var again = await SendAsync(order, checkpoint, Transcript);

        Assert.Equal(stored, again);
        Assert.Equal([stored], await Client.ListCheckpointsAsync(order.ExecutionId, Stop));
        Assert.Equal(1, (await Client.GetExecutionAsync(order.ExecutionId, Stop)).Checkpoint);
        var transcript = new MemoryStream();
        await Client.CopyTranscriptAsync(order.ExecutionId, 1, transcript, Stop);
        Assert.Equal(Transcript, transcript.ToArray());
        Assert.Equal("one", await RestoredAsync(order, 1));
    }

    [Fact]
    public async Task An_older_checkpoint_is_still_what_it_was()
    {
        var order = await ClaimAsync();
        var (first, bundle) = await MakeAsync(order, n: 1, "one\n");
        await SendAsync(order, first, [.. Transcript, .. bundle]);
        var (second, more) = await MakeAsync(order, n: 2, "two\n", after: first.Commit);
        await SendAsync(order, second, [.. Transcript, .. more]);

        Assert.Equal("one", await RestoredAsync(order, 1));
        Assert.Equal("two", await RestoredAsync(order, 2));
    }

    [Fact]
    public async Task A_torn_pair_is_refused_and_leaves_no_checkpoint()
    {
        var order = await ClaimAsync();
        var (checkpoint, bundle) = await MakeAsync(order, n: 1, "one\n");

        await RefusedAsync(ErrorCodes.ExecutionsCheckpointTorn, order, checkpoint, Transcript);
        await RefusedAsync(ErrorCodes.ExecutionsCheckpointTorn, order, checkpoint, Transcript[..5]);
        await RefusedAsync(ErrorCodes.ExecutionsCheckpointTorn, order, checkpoint, [.. Transcript.Reverse(), .. bundle]);
        await RefusedAsync(ErrorCodes.ExecutionsBundle, order, checkpoint, [.. Transcript, .. bundle[..^30]]);
        await RefusedAsync(ErrorCodes.ExecutionsBundle, order, checkpoint with { Commit = new string('a', 40) }, [.. Transcript, .. bundle]);
        Assert.Empty(await Client.ListCheckpointsAsync(order.ExecutionId, Stop));

        await SendAsync(order, checkpoint, [.. Transcript, .. bundle]);
        await RefusedAsync(ErrorCodes.ExecutionsCheckpointTorn, order, checkpoint with { TranscriptSha256 = Hash(bundle), TranscriptBytes = bundle.Length }, bundle);
    }

    [Fact]
    public async Task A_superseded_attempts_checkpoint_is_kept_and_a_strangers_is_refused()
    {
        var order = await ClaimAsync();
        var (checkpoint, bundle) = await MakeAsync(order, n: 1, "one\n");
        await Client.FailAsync(
            new FailRequest { WorkOrderId = order.Id, LeaseToken = order.LeaseToken, Error = new TaskError { Kind = FailureKind.Interrupted, Message = "gone" } }, Stop);

        var refusal = await Assert.ThrowsAsync<VineApiException>(
            () => Client.StoreCheckpointAsync(order.ExecutionId, order.LeaseToken + 1, checkpoint, TimeSpan.Zero, new MemoryStream([.. Transcript, .. bundle]), Stop));
        Assert.Equal(ErrorCodes.QueueLeaseLost, refusal.Problem.Code);
        await SendAsync(order, checkpoint, [.. Transcript, .. bundle]);

        Assert.Single(await Client.ListCheckpointsAsync(order.ExecutionId, Stop));
        Assert.Equal(AgentTaskStatus.Queued, (await Client.GetTaskAsync(order.Task.Id, Stop)).Status);
        await Client.CancelTaskAsync(order.Task.Id, null, Stop);
    }

    private async Task<WorkOrderView> ClaimAsync()
    {
        var worker = await Client.RegisterWorkerAsync(
            new RegisterWorkerRequest { Name = $"test {Guid.NewGuid():N}", Slots = 1, Protocol = WorkerProtocol.Version, Runtimes = [RuntimeNames.Rehearsal] }, null, Stop);
        var task = await Client.CreateTaskAsync(
            new CreateTaskRequest { Title = "Checkpoints", Runtime = RuntimeNames.Rehearsal, RepositoryUrl = $"https://{Guid.NewGuid():N}.example/code" }, Stop);
        var order = await Client.ClaimAsync(new ClaimRequest { WorkerId = worker.Id, ClaimId = Guid.NewGuid(), Wait = 10 }, Stop);
        Assert.Equal(task.Id, order!.Task.Id);
        return order;
    }

    private Task<CheckpointView> SendAsync(WorkOrderView order, CheckpointView checkpoint, byte[] body) =>
        Client.StoreCheckpointAsync(order.ExecutionId, order.LeaseToken, checkpoint, TimeSpan.Zero, new MemoryStream(body), Stop);

    private async Task RefusedAsync(string code, WorkOrderView order, CheckpointView checkpoint, byte[] body) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<VineApiException>(() => SendAsync(order, checkpoint, body))).Problem.Code);

    // A commit of the test's own repository under the attempt's ref, bundled by git with all that it builds on.
    private async Task<(CheckpointView Checkpoint, byte[] Bundle)> MakeAsync(WorkOrderView order, int n, string content, string? after = null)
    {
        var repository = await CloneAsync();
        if (after is not null)
        {
            var former = Path.Join(server.Vine.DataFolder, $"{Guid.NewGuid():N}.bundle");
            await using (var file = File.Create(former))
            {
                await Client.CopyCheckpointAsync(order.ExecutionId, n - 1, false, file, Stop);
            }

            await repository.GitAsync("fetch", "--quiet", former, $"{Reference(order)}:{Reference(order)}");
            await repository.GitAsync("reset", "--quiet", "--hard", after);
        }

        await File.WriteAllTextAsync(Path.Join(repository.Folder, "work.txt"), content, Stop);
        await repository.GitAsync("add", "--all");
        await repository.GitAsync("-c", "user.name=An agent", "-c", "user.email=agent@agentvine.invalid", "commit", "--quiet", $"--message={content}");
        var commit = await repository.GitAsync("rev-parse", "HEAD");
        await repository.GitAsync("update-ref", Reference(order), "HEAD");
        var bundle = Path.Join(repository.Folder, "work.bundle");
        await repository.GitAsync("bundle", "create", "--quiet", bundle, Reference(order));
        return (
            new CheckpointView
            {
                ExecutionId = order.ExecutionId,
                N = n,
                TaskId = order.Task.Id,
                Attempt = order.Attempt,
                SessionId = "a session",
                TranscriptBytes = Transcript.Length,
                TranscriptSha256 = Hash(Transcript),
                Commit = commit,
                HeadCommit = commit,
                BaseCommit = await repository.GitAsync("rev-parse", "origin/main"),
                Trigger = CheckpointTrigger.Tool,
                CreatedAt = default,
            },
            await File.ReadAllBytesAsync(bundle, Stop));
    }

    private async Task<string> RestoredAsync(WorkOrderView order, int n)
    {
        var path = Path.Join(server.Vine.DataFolder, $"{Guid.NewGuid():N}.bundle");
        await using (var file = File.Create(path))
        {
            await Client.CopyCheckpointAsync(order.ExecutionId, n, false, file, Stop);
        }

        var repository = await CloneAsync();
        await repository.GitAsync("fetch", "--quiet", path, Reference(order));
        return await repository.GitAsync("show", "FETCH_HEAD:work.txt");
    }

    private async Task<TestRepository> CloneAsync()
    {
        var folder = Path.Join(server.Vine.DataFolder, $"clone-{Guid.NewGuid():N}");
        await PlainProgram.RunAsync("git", "clone", "--quiet", server.Vine.Repository.Folder, folder);
        return new TestRepository(folder);
    }

    private static string Reference(WorkOrderView order) => $"refs/vine/wip/{order.Task.Id:D}/{order.Attempt}";

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}

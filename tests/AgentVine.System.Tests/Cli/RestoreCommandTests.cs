using AgentVine.Cli;
using AgentVine.Contracts.Executions;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.Cli;

public sealed class RestoreCommandTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vine-restore-");
    private readonly Guid _execution = Views.Id("0000e001");
    private FakeApi _api = null!;
    private TestRepository _repository = null!;
    private string _head = "";

    public async ValueTask InitializeAsync()
    {
        _api = await FakeApi.StartAsync();
        _repository = await TestRepository.CreateAsync(Path.Join(_folder.FullName, "source"));
        var task = Views.Task() with { RepositoryUrl = _repository.Folder };
        _head = await _repository.GitAsync("rev-parse", "HEAD");
        _api.Reply($"GET /api/v1/tasks/{task.Id}", task);
        _api.Reply($"GET /api/v1/tasks/{task.Id}/executions", new[] { Execution(task.Id) });
        var checkpoints = new[] { await StoreAsync(task.Id, 1, "first\n"), await StoreAsync(task.Id, 2, "second\n") };
        _api.Reply($"GET /api/v1/executions/{_execution}/checkpoints", checkpoints);
        await _repository.GitAsync("reset", "--quiet", "--hard", _head);
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Restore_MakesARepository_OfTheNewestCheckpointOrTheOneNamed()
    {
        var newest = Path.Join(_folder.FullName, "newest");
        var named = Path.Join(_folder.FullName, "named");

        var run = await CommandLineRun.Of(_api, "task", "restore", Id, "--to", newest);
        await CommandLineRun.Of(_api, "task", "restore", Id, "--attempt", "1", "--checkpoint", "1", "--to", named);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.StartsWith("restored checkpoint 2 of attempt 1 (tool, ", run.Out, StringComparison.Ordinal);
        Assert.Equal("second\n", await File.ReadAllTextAsync(Path.Join(newest, "work.txt")));
        Assert.Equal("first\n", await File.ReadAllTextAsync(Path.Join(named, "work.txt")));
        var restored = new TestRepository(newest);
        Assert.Equal(_head, await restored.GitAsync("rev-parse", "HEAD"));
        Assert.Equal("?? work.txt", await restored.GitAsync("status", "--porcelain"));
    }

    [Fact]
    public async Task Restore_ListsAllCheckpoints()
    {
        var run = await CommandLineRun.Of(_api, "task", "restore", Id, "--list");

        Assert.Equal(3, run.Lines.Count(line => line.Length > 0));
        Assert.StartsWith("1        1           ", run.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_OverwritesNothing_AndSaysWhatIsThere()
    {
        var taken = Directory.CreateDirectory(Path.Join(_folder.FullName, "taken"));
        await File.WriteAllTextAsync(Path.Join(taken.FullName, "mine.txt"), "mine");

        var run = await CommandLineRun.Of(_api, "task", "restore", Id, "--to", taken.FullName);
        var missing = await CommandLineRun.Of(_api, "task", "restore", Id, "--checkpoint", "9");

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("is there already", run.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Join(taken.FullName, "mine.txt")));
        Assert.Equal(ExitCode.NotFound, missing.Code);
        Assert.Contains("has no checkpoint with the number 9", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_NeedsNoRepositoryButTheServers()
    {
        Directory.Move(_repository.Folder, _repository.Folder + ".away");
        var folder = Path.Join(_folder.FullName, "restored");

        var run = await CommandLineRun.Of(_api, "task", "restore", Id, "--to", folder);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.True(File.Exists(Path.Join(folder, "work.txt")));
    }

    [Fact]
    public async Task Restore_LeavesNothing_WhenWhatComesIsNoBundle()
    {
        _api.On($"GET /api/v1/executions/{_execution}/checkpoints/2/bundle", async context => await context.Response.Body.WriteAsync("torn"u8.ToArray()));
        var folder = Path.Join(_folder.FullName, "nothing");

        var run = await CommandLineRun.Of(_api, "task", "restore", Id, "--checkpoint", "2", "--to", folder);

        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.Contains("git fetch ended with", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    private static string Id => Views.Task().Id.ToString();

    private ExecutionView Execution(Guid taskId) => new()
    {
        Id = _execution,
        TaskId = taskId,
        WorkOrderId = Views.Id("0000d001"),
        Attempt = 1,
        WorkerId = Views.Id("0000c001"),
        Runtime = "claude-code",
        Status = ExecutionStatus.Lost,
        StartedAt = Views.Then,
        OutputCount = 0,
        WorkerName = "one",
    };

    private async Task<CheckpointView> StoreAsync(Guid taskId, int n, string content)
    {
        var reference = $"refs/vine/wip/{taskId:D}/1";
        await File.WriteAllTextAsync(Path.Join(_repository.Folder, "work.txt"), content);
        await _repository.GitAsync("add", "--all");
        await _repository.GitAsync("-c", "user.name=An agent", "-c", "user.email=agent@agentvine.invalid", "commit", "--quiet", $"--message={n}");
        var commit = await _repository.GitAsync("rev-parse", "HEAD");
        await _repository.GitAsync("update-ref", reference, commit);
        var bundle = Path.Join(_folder.FullName, $"{n}.bundle");
        await _repository.GitAsync("bundle", "create", "--quiet", bundle, reference);
        _api.On($"GET /api/v1/executions/{_execution}/checkpoints/{n}/bundle", async context =>
        {
            context.Response.ContentType = "application/x-git-bundle";
            await context.Response.Body.WriteAsync(await File.ReadAllBytesAsync(bundle));
        });
        return new CheckpointView
        {
            ExecutionId = _execution,
            N = n,
            TaskId = taskId,
            Attempt = 1,
            TranscriptBytes = 0,
            Commit = commit,
            HeadCommit = _head,
            BaseCommit = _head,
            Trigger = CheckpointTrigger.Tool,
            CreatedAt = Views.Then,
        };
    }
}

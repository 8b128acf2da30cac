using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

/// <summary>What a worker's file bounds, with the real Claude Code.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vine-limits-");
    private VineFleet _vine = null!;

    public async ValueTask InitializeAsync()
    {
        var file = Path.Join(_folder.FullName, "worker.yaml");
        await File.WriteAllTextAsync(file, "max_disk_gib: 1\nmax_output_mib: 1\n");
        _vine = await VineFleet.ServeAsync(new Dictionary<string, string> { ["VINE_WORKER_FILE"] = file });
        _vine.AddWorker("small");
    }

    public async ValueTask DisposeAsync()
    {
        await _vine.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Attempt_Ends_WhenItsFilesTakeMoreDiskThanTheyMay()
    {
        var script = ModelScript.Named("fill")
            .Then(AgentReply.Bash("echo large.bin > .gitignore && truncate --size 2G large.bin && python3 -c 'import time; time.sleep(600)'"));
        var task = await _vine.FileAsync(script, request => request with { MaxAttempts = 1 });
        await task.IsAllowedAsync();

        var failed = await task.MovesToAsync(AgentTaskStatus.Failed);

        Assert.Equal((FailureKind.BadResult, FailureCause.DiskFull), (failed.Error!.Kind, failed.Error.Cause));
        Assert.Contains("2048 MiB of disk, and an attempt may have 1024 MiB", failed.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_IsCutVisibly_WhenTheAgentSaysMoreThanIsKept()
    {
        var script = ModelScript.Named("chatter");
        for (var i = 0; i < 8; i++)
        {
            script = script.Then(Reply.Say(new string('x', 200_000)).Tool("mcp__vine__get_task", new { }));
        }

        var task = await _vine.FileAsync(script.Then(Reply.Finish("Enough said.")));

        var done = await task.MovesToAsync(AgentTaskStatus.Completed);
        Assert.Equal("Enough said.", done.Result!.Summary);
        var execution = Assert.Single(await _vine.Client.ListTaskExecutionsAsync(task.Id, CancellationToken.None));
        var lines = await LinesAsync(execution);
        Assert.Contains(lines, line => line.Kind == OutputKind.Note && line.Text!.StartsWith("[output cut: ", StringComparison.Ordinal));
        Assert.True(lines.Sum(line => (line.Text?.Length ?? 0) + (line.Raw?.Length ?? 0)) < 1_200_000);
    }

    private async Task<List<OutputLine>> LinesAsync(ExecutionView execution)
    {
        var lines = new List<OutputLine>();
        while (lines.Count < execution.OutputCount)
        {
            lines.AddRange(await _vine.Client.ReadOutputAsync(execution.Id, lines.Count, null, 0, CancellationToken.None));
        }

        return lines;
    }
}

using System.Diagnostics;
using AgentVine.Client;
using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;

namespace AgentVine.Bench;

/// <summary>A fleet on this machine to be measured: the built program, the real Claude Code, the scripted model, a repository.</summary>
internal sealed class MeasuredFleet : IAsyncDisposable
{
    private const string Script = "bench";
    private readonly string _folder = Directory.CreateTempSubdirectory("vine-bench-").FullName;
    private ScriptedModelServer _model = null!;
    private Process _vine = null!;
    private VineClient _client = null!;

    private string Repository => Path.Join(_folder, "repository");

    private string Data => Path.Join(_folder, "data");

    public static async Task<MeasuredFleet> StartAsync(string program)
    {
        var fleet = new MeasuredFleet();
        fleet._model = await ScriptedModelServer.StartAsync(
            new ScriptedModelOptions { Scripts = [ModelScript.Named(Script).Then(Reply.Finish("done"))] }, CancellationToken.None);
        fleet.MakeRepository();
        var start = new ProcessStartInfo(program, ["up", "--data", fleet.Data, "--port", "0"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ANTHROPIC_BASE_URL"] = fleet._model.BaseUrl.ToString();
        start.Environment["ANTHROPIC_API_KEY"] = "scripted-model-needs-no-key";
        start.Environment["VINE_LOG__LEVEL"] = "warning";
        fleet._vine = Process.Start(start)!;
        fleet._vine.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        fleet._vine.BeginErrorReadLine();
        while (await fleet._vine.StandardOutput.ReadLineAsync() is { } line && !line.Contains("stop", StringComparison.Ordinal))
        {
            // The banner ends with how to stop: then it is up.
        }

        var local = new LocalServer(fleet.Data);
        fleet._client = new VineClient(new VineClientOptions { Server = local.Url, Key = local.ReadKey() });
        while ((await fleet._client.ListWorkersAsync(CancellationToken.None)).Count < 3)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }

        return fleet;
    }

    /// <summary>Resident memory of an idle <c>vine up</c> with its three workers.</summary>
    public async Task<Measurement> IdleMemoryAsync()
    {
        var samples = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, CancellationToken.None);
            _vine.Refresh();
            samples.Add(_vine.WorkingSet64 / 1048576.0);
        }

        return Measurement.Of("idle memory of vine up (3 workers)", samples, 150, "MB");
    }

    /// <summary>From sending the POST that files a task to the arrival of its agent's first model call, one task at a time.</summary>
    public async Task<Measurement> FirstModelCallAsync(int rounds)
    {
        var samples = new List<double>();
        for (var i = 0; i < rounds; i++)
        {
            var before = _model.Calls.Count;
            var watch = Stopwatch.StartNew();
            var task = await _client.CreateTaskAsync(Request($"Round {i} [[{Script}]]"), CancellationToken.None);
            await _model.Calls.WaitForAsync(_ => _model.Calls.Count > before, CancellationToken.None);
            samples.Add(watch.Elapsed.TotalSeconds);
            while ((await _client.GetTaskAsync(task.Id, CancellationToken.None)).Status != AgentTaskStatus.Completed)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
            }
        }

        return Measurement.Of("filed to the real CLI's first model call", samples, 1.5, "s");
    }

    /// <summary>GET of a list of tasks, over HTTP, client included.</summary>
    public async Task<Measurement> ListAsync(int tasks, int rounds)
    {
        for (var i = 0; i < tasks; i++)
        {
            await _client.CreateTaskAsync(Request($"Listed {i}") with { Runtime = "command" }, CancellationToken.None);
        }

        using var http = new HttpClient { BaseAddress = _client.Server };
        var samples = new List<double>();
        for (var i = 0; i < rounds; i++)
        {
            var watch = Stopwatch.StartNew();
            await http.GetByteArrayAsync(new Uri($"api/v1/tasks?limit={tasks}", UriKind.Relative));
            samples.Add(watch.Elapsed.TotalMilliseconds);
        }

        return Measurement.Of($"list of {tasks} tasks", samples, 5, "ms");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_vine.HasExited)
        {
            Process.Start("kill", ["-TERM", $"{_vine.Id}"]).WaitForExit();
            await _vine.WaitForExitAsync();
        }

        _vine.Dispose();
        await _model.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private CreateTaskRequest Request(string title) => new() { Title = title, RepositoryUrl = Repository, BranchName = "main" };

    private void MakeRepository()
    {
        Directory.CreateDirectory(Repository);
        File.WriteAllText(Path.Join(Repository, "README.md"), "# bench\n");
        foreach (var arguments in new string[][]
        {
            ["init", "--quiet", "--initial-branch=main"],
            ["add", "--all"],
            ["-c", "user.name=bench", "-c", "user.email=bench@agentvine.invalid", "commit", "--quiet", "--message=start"],
        })
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Repository })!;
            git.WaitForExit();
        }
    }
}

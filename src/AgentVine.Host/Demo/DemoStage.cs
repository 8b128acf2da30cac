using AgentVine.Cli;
using AgentVine.Client;
using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Workers;
using AgentVine.Host.Server;
using AgentVine.Runtimes.ClaudeCode;
using AgentVine.Runtimes.Processes;
using AgentVine.ScriptedModel;
using AgentVine.Worker;

namespace AgentVine.Host.Demo;

/// <summary>What the demo runs on: a repository, the scripted model, a server and two workers, all in one folder and on free ports.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    private readonly VineServer _server;
    private readonly ScriptedModelServer _model;
    private readonly DemoRepository _repository;
    private readonly bool _real;

    private DemoStage(VineServer server, ScriptedModelServer model, DemoRepository repository, IReadOnlyList<VineWorker> workers, bool real)
    {
        (_server, _model, _repository, Workers, _real) = (server, model, repository, workers, real);
        Client = new VineClient(new VineClientOptions { Server = server.Url, Key = server.Key });
    }

    public VineClient Client { get; }

    public IReadOnlyList<VineWorker> Workers { get; }

    public static async Task<DemoStage> SetAsync(CommandRun run, string folder, ClaudeProgram? claude, CancellationToken stop)
    {
        var repository = await DemoRepository.CreateAsync(Path.Join(folder, "greet"), stop);
        var model = await ScriptedModelServer.StartAsync(new ScriptedModelOptions { Scripts = DemoScripts.All }, stop);
        var server = await VineServer.StartAsync(
            new ServerOptions
            {
                DataFolder = Path.Join(folder, "data"),
                Url = "http://127.0.0.1:0",
                Auth = null,
                ApiKey = null,
                Tasks = new TasksOptions { DefaultRuntime = claude is null ? RuntimeNames.Rehearsal : RuntimeNames.ClaudeCode },
                Workers = new WorkersOptions(),
                LogLevel = LogLevel.Warning,
                LogJson = false,
            },
            run.Context.Time,
            stop);
        var options = new ClaudeCodeOptions { Program = claude?.Path, BaseUrl = model.BaseUrl, ApiKey = "scripted-model-needs-no-key" };
        var workers = new List<VineWorker>();
        foreach (var name in new[] { "demo-1", "demo-2" })
        {
            var worker = new WorkerOptions
            {
                Name = name,
                Server = server.Url,
                Key = server.Key,
                Folder = Path.Join(folder, "data", "worker"),
                Sandbox = SandboxKind.Auto,
            };
            workers.Add(await VineWorker.CreateAsync(worker, options, run.Context.Time, server.Loggers, stop));
        }

        return new DemoStage(server, model, repository, workers, claude is not null);
    }

    /// <summary>Files the demo's tasks; the second waits for nothing, so both run at once.</summary>
    public async Task<IReadOnlyList<TaskView>> FileAsync(CancellationToken stop)
    {
        var tasks = new List<TaskView>();
        foreach (var task in DemoTasks.All)
        {
            tasks.Add(await Client.CreateTaskAsync(task.ToRequest(_repository.Folder, _real), stop));
        }

        return tasks;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in Workers)
        {
            worker.Dispose();
        }

        Client.Dispose();
        await _server.DisposeAsync();
        await _model.DisposeAsync();
    }
}

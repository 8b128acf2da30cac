using System.Diagnostics;
using AgentVine.Client;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Conformance;
using Xunit;

namespace AgentVine.Testing.Fleet;

/// <summary>
/// The product as people run it: the built <c>vine</c> in processes of its own, the real Claude Code, a scripted model on loopback, and a
/// repository made by git, all in one temporary folder. Disposing it ends the processes and fails when an agent's outlived them.
/// </summary>
public sealed class VineFleet : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // A script knows its own task's words alone; what an agent remembers of others is tried where it is asked for.
    private static readonly Dictionary<string, string> Alone = new() { ["VINE_SESSIONS__REUSE_FOR_SIMILAR_TASKS"] = "false" };
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private readonly string _folder;
    private readonly Dictionary<string, string> _settings;
    private readonly List<VineProcess> _processes = [];
    private string[] _command = [];

    private VineFleet(string claude, string folder, ScriptedModelServer model, TestRepository repository, IReadOnlyDictionary<string, string> settings)
    {
        (_folder, Model, Repository) = (folder, model, repository);
        _settings = new Dictionary<string, string>(settings.Concat(Alone).DistinctBy(setting => setting.Key))
        {
            ["VINE_DATA"] = DataFolder,
            ["VINE_CLAUDE_PATH"] = claude,
            ["ANTHROPIC_BASE_URL"] = model.BaseUrl.ToString(),
            ["ANTHROPIC_API_KEY"] = "sk-ant-of-no-account-at-all",
            ["NO_COLOR"] = "1",
        };
    }

    public ScriptedModelServer Model { get; }

    public TestRepository Repository { get; }

    public string DataFolder => Path.Join(_folder, "data");

    /// <summary>The process that serves.</summary>
    public VineProcess Server { get; private set; } = null!;

    /// <summary>A client with the server's key.</summary>
    public VineClient Client { get; private set; } = null!;

    public EventJournal Events { get; private set; } = null!;

    public string Key => new LocalServer(DataFolder).ReadKey()!;

    /// <summary>What an agent's model says to a prompt that names no script.</summary>
    public Func<ScriptContext, ModelReply> Untagged { get; set; } = _ => Reply.Finish("Nothing to do.");

    /// <summary><c>vine up</c> with this many workers.</summary>
    public static Task<VineFleet> UpAsync(int workers, params string[] flags) =>
        StartAsync(["up", "--port", "0", "--workers", $"{workers}", "--name", "up", .. flags], new Dictionary<string, string>());

    /// <summary><c>vine serve</c>; workers are added.</summary>
    public static Task<VineFleet> ServeAsync(IReadOnlyDictionary<string, string> settings) => StartAsync(["serve", "--port", "0"], settings);

    /// <summary><c>vine worker</c> with one slot.</summary>
    public VineProcess AddWorker(string name) => Add(VineProcess.Start(["worker", "--name", name], _settings));

    /// <summary>Starts the server's command once more, on the same data.</summary>
    public async Task StartAgainAsync()
    {
        var before = Events.All;
        await Events.DisposeAsync();
        Client.Dispose();
        await StartServerAsync(before);
    }

    /// <summary>Files a task that plays <paramref name="script"/>.</summary>
    public async Task<FiledTask> FileAsync(ModelScript script, Func<CreateTaskRequest, CreateTaskRequest>? with = null)
    {
        Model.Add(script);
        var request = new CreateTaskRequest
        {
            Title = $"Play {script.Name}",
            Description = $"Please play [[{script.Name}]].",
            RepositoryUrl = Repository.Folder,
        };
        var task = await Client.CreateTaskAsync(with is null ? request : with(request), CancellationToken.None);
        return new FiledTask(this, task.Id);
    }

    /// <summary>Looks again after every event, and now and then, until there is something.</summary>
    public async Task<T> WaitForAsync<T>(Func<Task<T?>> look, string what)
        where T : class
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            var changed = Events?.Changed ?? Task.Delay(Look, TimeProvider.System);
            if (await look() is { } found)
            {
                return found;
            }

            if (patience.IsCancellationRequested || Server.HasExited)
            {
                Assert.Fail($"Waited in vain until {what}{(Server.HasExited ? ": the server has ended" : "")}.\n{WhatWasSeen()}");
            }

            await Task.WhenAny(changed, Task.Delay(Look, TimeProvider.System));
        }
    }

    /// <summary>Waits until no process of the execution is left.</summary>
    public static Task NoProcessIsLeftAsync(Guid executionId) => ExecutionProcesses.UntilAsync(
        () => ExecutionProcesses.Of(executionId).Count == 0,
        $"Processes of execution {executionId} are left: {string.Join(", ", ExecutionProcesses.Of(executionId))}.");

    /// <summary>Kills an agent and all its processes, as the system does when memory is short.</summary>
    public static void KillAgent(Guid executionId)
    {
        foreach (var pid in ExecutionProcesses.Of(executionId))
        {
            try
            {
                using var process = Process.GetProcessById(pid);
                process.Kill();
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                // Went with one of those before it.
                continue;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (var process in _processes.AsEnumerable().Reverse())
            {
                await process.StopAsync();
            }

            foreach (var executionId in (Events?.All ?? []).Where(happened => happened.Type == EventTypes.ExecutionStarted).Select(happened => happened.ExecutionId!.Value).ToHashSet())
            {
                await NoProcessIsLeftAsync(executionId);
            }
        }
        finally
        {
            _processes.ForEach(process => process.Dispose());
            await (Events?.DisposeAsync() ?? ValueTask.CompletedTask);
            Client?.Dispose();
            await Model.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static async Task<VineFleet> StartAsync(string[] command, IReadOnlyDictionary<string, string> settings)
    {
        var claude = ClaudeUnderTest.Path;
        var folder = Directory.CreateTempSubdirectory("vine-fleet-").FullName;
        VineFleet? fleet = null;
        var model = await ScriptedModelServer.StartAsync(
            new ScriptedModelOptions { Untagged = context => fleet!.Untagged(context) }, CancellationToken.None);
        fleet = new VineFleet(claude, folder, model, await TestRepository.CreateAsync(Path.Join(folder, "repository")), settings) { _command = command };
        try
        {
            await fleet.StartServerAsync([]);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    private async Task StartServerAsync(IReadOnlyList<EventView> before)
    {
        Server = Add(VineProcess.Start(_command, _settings));
        var file = await WaitForAsync(
            () => Task.FromResult(ServerFile.Read(DataFolder) is { } read && read.Pid == Server.Id ? read : null), "the server writes its server.json");
        Client = new VineClient(new VineClientOptions { Server = file.Url, Key = Key });
        Events = EventJournal.Follow(Client, before);
    }

    private VineProcess Add(VineProcess process)
    {
        _processes.Add(process);
        return process;
    }

    private string WhatWasSeen()
    {
        var events = Events?.All.TakeLast(40).Select(happened => $"{happened.Sequence} {happened.Type} {happened.TaskId} {happened.Data}") ?? [];
        var calls = Model.Calls.All.TakeLast(5).Select(call => $"{call.Script} step {call.Step}, attempt {call.Attempt}: {string.Join(" | ", call.ToolResults.TakeLast(1))}");
        return $"The newest events:\n{string.Join('\n', events)}\nThe newest model calls:\n{string.Join('\n', calls)}\n"
            + string.Join('\n', _processes.Select(process => $"The log of vine ({process.Id}) ends:\n{string.Join('\n', process.Log.Split('\n').TakeLast(40))}"));
    }
}

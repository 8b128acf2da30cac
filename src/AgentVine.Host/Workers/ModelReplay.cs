using AgentVine.Cli;
using AgentVine.ScriptedModel;
using AgentVine.Worker;
using AgentVine.Worker.Accounts;

namespace AgentVine.Host.Workers;

/// <summary>Recorded exchanges in the place of every model account, with <c>VINE_GATEWAY__REPLAY</c>: no provider is called.</summary>
internal sealed partial class ModelReplay : IAsyncDisposable
{
    private readonly ScriptedModelServer? _player;

    private ModelReplay(ScriptedModelServer? player) => _player = player;

    /// <summary>Plays what the settings name; without that, does nothing.</summary>
    public static async Task<ModelReplay> StartAsync(CommandRun run, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (run.Settings.Text("gateway.replay") is not { } folder)
        {
            return new ModelReplay(null);
        }

        try
        {
            var player = await ScriptedModelServer.StartAsync(new ScriptedModelOptions { Recording = Path.GetFullPath(folder) }, cancellationToken);
            LogReplays(loggers.CreateLogger<ModelReplay>(), folder);
            return new ModelReplay(player);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"VINE_GATEWAY__REPLAY: {fault.Message} Name a folder that VINE_GATEWAY__RECORD was set to");
        }
    }

    /// <summary>The worker, with the recording as its one account.</summary>
    public WorkerOptions Apply(WorkerOptions options) => _player is null
        ? options
        : options with { Accounts = [new ModelAccount { Name = "replay", ApiKey = "a-recording-needs-no-key", BaseUrl = _player.BaseUrl }] };

    public ValueTask DisposeAsync() => _player?.DisposeAsync() ?? ValueTask.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "SIMULATION: the model's answers are played from {Folder}; no model is called.")]
    private static partial void LogReplays(ILogger logger, string folder);
}

using System.Threading.Channels;
using AgentVine.Contracts.Conversations;
using AgentVine.Runtimes.Processes;
using Microsoft.Extensions.Logging;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>One running Claude Code. This part takes what the worker wants, the others tell what the program says and how it ends.</summary>
internal sealed partial class ClaudeRun : IAgentRun
{
    private const int SignalCapacity = 64;

    private readonly IAgentProcess _process;
    private readonly ClaudeInput _input;
    private readonly ClaudeRequests _requests;
    private readonly ClaudeFleetTools? _fleet;
    private readonly ClaudeSecrets _secrets;
    private readonly ClaudeTurns _turns;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly TimeSpan _backgroundWait;
    private readonly Guid _executionId;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _disposed = new();
    private readonly CancellationToken _abandoned;
    private readonly Channel<AgentSignal> _signals = Channel.CreateBounded<AgentSignal>(SignalCapacity);

    private Task _running = Task.CompletedTask;

    public ClaudeRun(IAgentProcess process, AgentLaunch launch, ClaudeCodeOptions options, TimeProvider timeProvider, ILogger logger)
    {
        _process = process;
        _input = new ClaudeInput(process.StandardInput);
        _requests = new ClaudeRequests(timeProvider);
        _secrets = new ClaudeSecrets([.. options.Secrets, .. new[] { launch.Mcp?.Token, launch.ModelAccess?.Token }.OfType<string>()]);
        _fleet = launch.Mcp is { } mcp ? new ClaudeFleetTools(mcp, timeProvider) : null;
        _turns = new ClaudeTurns(launch.Resume);
        _timeProvider = timeProvider;
        _logger = logger;
        _backgroundWait = options.BackgroundWait;
        _executionId = launch.ExecutionId;
        _abandoned = _disposed.Token;
    }

    public ChannelReader<AgentSignal> Signals => _signals.Reader;

    private bool IsGone => _process.Exited.IsCompleted || _abandoned.IsCancellationRequested;

    /// <summary>Writes the handshake and the first turn at once: the program takes them in order, and waiting for its answer costs time.</summary>
    public async Task BeginAsync(string instructions, CancellationToken cancellationToken)
    {
        _running = RunAsync();
        await _input.RequestAsync(new { subtype = "initialize", sdkMcpServers = _fleet is null ? Array.Empty<string>() : [ClaudeFleetTools.ServerName] }, cancellationToken);
        await SendAsync(instructions, cancellationToken);
    }

    public async Task<bool> AnswerAsync(Guid requestId, RequestAnswer answer, CancellationToken cancellationToken)
    {
        if (IsGone || _killing is not null || _requests.Find(requestId) is not { } request)
        {
            return false;
        }

        var response = ClaudeAnswers.Response(request, answer);
        if (!_requests.Take(requestId) || !await _input.RespondAsync(request.ControlId, response, cancellationToken))
        {
            return false;
        }

        // The program has no place for words beside an approval.
        if (answer is { Decision: AnswerDecision.Approve, Comment: { } comment } && !string.IsNullOrWhiteSpace(comment))
        {
            await SendAsync(comment, cancellationToken);
        }

        return true;
    }

    public async Task<bool> SendMessageAsync(string text, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (IsGone || _closeAfterTurn || _killing is not null)
            {
                return false;
            }
        }

        return await SendAsync(text, cancellationToken);
    }

    public async Task InterruptAsync(CancellationToken cancellationToken)
    {
        AgentTurnEnded? ended = null;
        IReadOnlyList<string> background;
        lock (_lock)
        {
            if (IsGone || !_turns.IsOpen)
            {
                return;
            }

            background = _turns.Background;
            _turns.Interrupt();
            if (_turns.WaitsForBackground)
            {
                ended = _turns.EndNow();
                WatchBackground();
            }
        }

        if (ended is null)
        {
            await _input.RequestAsync(new { subtype = "interrupt" }, cancellationToken);
            return;
        }

        await StopAsync(background, cancellationToken);
        await EndTurnAsync(ended);
    }

    private async Task<bool> SendAsync(string text, CancellationToken cancellationToken)
    {
        var uuid = Guid.CreateVersion7(_timeProvider.GetUtcNow()).ToString();
        bool wasOpen;
        lock (_lock)
        {
            wasOpen = _turns.IsOpen;
            _turns.Sent(uuid);
            WatchBackground();
        }

        if (await _input.UserAsync(uuid, text, cancellationToken))
        {
            return true;
        }

        lock (_lock)
        {
            _turns.NotSent(uuid, wasOpen);
        }

        return false;
    }

    private async Task StopAsync(IReadOnlyList<string> background, CancellationToken cancellationToken)
    {
        foreach (var task in background)
        {
            await _input.RequestAsync(new { subtype = "stop_task", task_id = task }, cancellationToken);
        }
    }
}

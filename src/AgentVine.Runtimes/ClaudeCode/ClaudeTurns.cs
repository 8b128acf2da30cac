using System.Text.Json;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>
/// Knows whether a turn is open. A turn is over when Claude Code says that it is idle, every message has been taken up by a result,
/// and nothing runs in the background: what ends there starts a further result by itself. Not safe for concurrent use.
/// </summary>
internal sealed class ClaudeTurns(bool resumed)
{
    private static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private readonly HashSet<string> _unanswered = [];
    private readonly ClaudeUsage _usage = new(resumed);
    private IReadOnlyList<string> _background = [];
    private ClaudeOutcome? _outcome;
    private DateTimeOffset? _limitResetsAt;
    private string? _error;
    private bool _tellsStates;

    /// <summary>Whether the agent works, or waits for what it left in the background.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether nothing but work in the background keeps the turn open.</summary>
    public bool WaitsForBackground { get; private set; }

    /// <summary>Whether somebody wants this turn to end.</summary>
    public bool Interrupted { get; private set; }

    /// <summary>Whether the program has no session of the id that it was to go on with.</summary>
    public bool SessionUnknown { get; private set; }

    /// <summary>The ids of what runs in the background.</summary>
    public IReadOnlyList<string> Background => _background;

    /// <summary>A user turn was written under this id.</summary>
    public void Sent(string uuid)
    {
        _unanswered.Add(uuid);
        Resume();
    }

    /// <summary>A user turn could not be written after all, and the turn is what it was before.</summary>
    public void NotSent(string uuid, bool wasOpen)
    {
        _unanswered.Remove(uuid);
        IsOpen = wasOpen || _unanswered.Count > 0;
    }

    /// <summary>Somebody wants this turn to end.</summary>
    public void Interrupt() => Interrupted = true;

    /// <summary>Takes in a line; returns the end of the turn when this line is it.</summary>
    public AgentTurnEnded? Read(JsonElement line)
    {
        switch (line.Text("type"))
        {
            case "result":
                ReadResult(line);
                return _tellsStates ? null : EndIfOver();
            case "assistant":
                _usage.Notice(line);
                _error = line.Flag("is_api_error_message") ? line.Text("error") : _error;
                return null;
            case "command_lifecycle" when line.Text("state") is "completed" or "cancelled":
                _unanswered.Remove(line.Text("command_uuid") ?? string.Empty);
                return null;
            case "rate_limit_event":
                ReadLimit(line);
                return null;
            case "system":
                return ReadSystem(line);
            default:
                return null;
        }
    }

    /// <summary>Ends the turn without waiting for what runs in the background.</summary>
    public AgentTurnEnded EndNow()
    {
        _background = [];
        return End(Interrupted);
    }

    /// <summary>The failure that the program told of before it ended inside the turn, if it did.</summary>
    public TaskError? LastFailure => _outcome is null ? null : ClaudeFailures.Of(_outcome, _limitResetsAt);

    private void ReadResult(JsonElement result)
    {
        _outcome = ClaudeOutcome.Of(result, _error);
        _error = null;
        SessionUnknown |= resumed && _outcome.IsSessionUnknown;
        Interrupted &= _outcome.Aborted;
        _usage.Add(result);
        foreach (var uuid in result.Texts("user_message_uuids").Append(result.Text("user_message_uuid") ?? string.Empty))
        {
            _unanswered.Remove(uuid);
        }
    }

    private AgentTurnEnded? ReadSystem(JsonElement line)
    {
        switch (line.Text("subtype"))
        {
            case "init":
                Resume();
                return null;
            case "background_tasks_changed":
                _background = [.. line.Items("tasks").Select(task => task.Text("task_id")).OfType<string>()];
                return null;
            case "session_state_changed":
                return ReadState(line.Text("state"));
            default:
                return null;
        }
    }

    private AgentTurnEnded? ReadState(string? state)
    {
        _tellsStates = true;
        if (state != "idle")
        {
            Resume();
            return null;
        }

        return EndIfOver();
    }

    private void ReadLimit(JsonElement line)
    {
        if (line.Member("rate_limit_info") is { } info && info.Text("status") == "rejected" && info.Number("resetsAt") is > 0 and var seconds && seconds <= LastSecond)
        {
            _limitResetsAt = DateTimeOffset.FromUnixTimeSeconds(seconds);
        }
    }

    private void Resume()
    {
        IsOpen = true;
        WaitsForBackground = false;
    }

    private AgentTurnEnded? EndIfOver()
    {
        if (!IsOpen || _unanswered.Count > 0)
        {
            return null;
        }

        WaitsForBackground = _background.Count > 0;
        return WaitsForBackground ? null : End(_outcome is null ? Interrupted : _outcome.Aborted);
    }

    private AgentTurnEnded End(bool interrupted)
    {
        var (cost, tokens) = _usage.Take();
        var ended = new AgentTurnEnded(
            _outcome is { IsError: false } ? _outcome.Text : null, interrupted ? null : LastFailure, interrupted, cost, tokens, _usage.ContextTokens, _usage.ContextWindow);
        (_outcome, _limitResetsAt, IsOpen, WaitsForBackground, Interrupted) = (null, null, false, false, false);
        return ended;
    }
}

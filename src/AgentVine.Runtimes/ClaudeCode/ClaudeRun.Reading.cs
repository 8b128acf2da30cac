using System.Text.Json;
using System.Threading.Channels;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes.Processes;

namespace AgentVine.Runtimes.ClaudeCode;

internal sealed partial class ClaudeRun
{
    private readonly LastWords _complained = new(lines: 10, letters: 2_000);
    private readonly ClaudeTools _tools = new();
    private readonly long _memoryKills = MemoryKills.Count();
    private string? _sessionId;
    private bool _spoke;

    private async Task RunAsync()
    {
        await Task.Yield();
        try
        {
            await Task.WhenAll(ReadErrorsAsync(), ReadOutputAsync());
            var code = await _process.Exited;
            _fleet?.HangUp();
            await StopWatchingAsync();
            await EmitAsync(new AgentExited(code, FailureOf(code), _turns.SessionUnknown));
        }
        finally
        {
            _signals.Writer.TryComplete();
        }
    }

    private TaskError? FailureOf(int code)
    {
        lock (_lock)
        {
            return _killedInsideTurn ? ClaudeFailures.Stopped
                : _turns.IsOpen ? _turns.LastFailure ?? ClaudeFailures.OfExit(code, _spoke, _complained.Text(), MemoryKills.Count() - _memoryKills)
                : null;
        }
    }

    private async Task ReadOutputAsync()
    {
        try
        {
            await foreach (var line in new ClaudeLineReader(_process.StandardOutput).ReadAsync(CancellationToken.None))
            {
                _spoke = true;
                using (line.Document)
                {
                    await TakeAsync(line);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The pipe went with the process.
        }
        finally
        {
            await EndWithinAsync(ExitGrace);
        }
    }

    private async Task ReadErrorsAsync()
    {
        try
        {
            var reader = new BoundedLineReader(_process.StandardError, BoundedLineReader.Longest);
            while (await reader.ReadAsync(CancellationToken.None) is { } line)
            {
                var words = _secrets.Hide(line);
                _complained.Add(words!);
                await EmitAsync(new AgentOutput(OutputKind.Stderr, words, words));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The pipe went with the process.
        }
    }

    private async Task TakeAsync(ClaudeLine line)
    {
        var raw = _secrets.Hide(line.Raw);
        if (line.Document?.RootElement is not { ValueKind: JsonValueKind.Object } parsed)
        {
            await EmitAsync(new AgentOutput(OutputKind.System, raw, raw));
            return;
        }

        try
        {
            var (kind, text) = ClaudeOutput.Describe(parsed);
            await EmitAsync(new AgentOutput(kind, _secrets.Hide(text), raw));
            await TakeAsync(parsed);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or ArgumentException)
        {
            // The protocol is not a published one: a line of an unforeseen form must not end the run.
            LogUnreadable(_executionId, parsed.Text("type"), exception);
        }
    }

    private async Task TakeAsync(JsonElement line)
    {
        await TakeSessionAsync(line);
        switch (line.Text("type"))
        {
            case "assistant":
                _requests.Notice(line);
                _tools.Started(line);
                break;
            case "user":
                foreach (var tool in _tools.Ended(line))
                {
                    await EmitAsync(new AgentWrote(tool));
                }

                break;
            case "control_request":
                await TakeRequestAsync(line.Text("request_id") ?? string.Empty, line.Member("request"));
                break;
            case "control_cancel_request":
                await WithdrawAsync(line.Text("request_id") ?? string.Empty);
                break;
        }

        await TakeTurnAsync(line);
    }

    private async Task TakeSessionAsync(JsonElement line)
    {
        var starts = line.Text("type") == "system" && line.Text("subtype") == "init";
        if ((starts || (line.Text("type") == "result" && !ClaudeOutcome.Of(line, null).IsSessionUnknown)) && line.Text("session_id") is { } session && session != _sessionId)
        {
            _sessionId = session;
            await EmitAsync(new AgentSessionStarted(session, line.Text("model")));
        }
    }

    private async Task TakeRequestAsync(string controlId, JsonElement? request)
    {
        var subtype = request?.Text("subtype");
        if (subtype == "can_use_tool")
        {
            await EmitAsync(_requests.Open(controlId, request!.Value).Asked);
            return;
        }

        if (subtype == "mcp_message" && _fleet is not null && request!.Value.Text("server_name") == ClaudeFleetTools.ServerName && request.Value.Member("message") is { } message)
        {
            // Beside the reading: a call of a tool may wait for a person.
            Watch(PassOnAsync(controlId, message.Clone()));
            return;
        }

        LogUnknownRequest(_executionId, subtype);
        await _input.RefuseAsync(controlId, $"AgentVine does not answer '{subtype}' requests.", CancellationToken.None);
    }

    private async Task PassOnAsync(string controlId, JsonElement message)
    {
        if (await _fleet!.AnswerAsync(message) is { } answer)
        {
            await _input.RespondAsync(controlId, new { mcp_response = answer }, CancellationToken.None);
        }
    }

    // Someone who kills the agent may still want its requests answered later: they are withdrawn only when the agent goes on.
    private async Task WithdrawAsync(string controlId)
    {
        if (_requests.Withdraw(controlId) is { } id && _killing is null)
        {
            await EmitAsync(new AgentWithdrew(id));
        }
    }

    private async Task TakeTurnAsync(JsonElement line)
    {
        AgentTurnEnded? ended;
        IReadOnlyList<string> stop = [];
        lock (_lock)
        {
            ended = _turns.Read(line);
            if (_turns is { WaitsForBackground: true, Interrupted: true })
            {
                stop = _turns.Background;
                ended = _turns.EndNow();
            }

            WatchBackground();
        }

        await StopAsync(stop, CancellationToken.None);
        if (ended is not null)
        {
            await EndTurnAsync(ended);
        }
    }

    private async Task EndTurnAsync(AgentTurnEnded ended)
    {
        await EmitAsync(ended with { Summary = _secrets.Hide(ended.Summary) });
        bool close;
        lock (_lock)
        {
            _turnOver?.TrySetResult();
            close = _closeAfterTurn && !_turns.IsOpen;
        }

        if (close)
        {
            await CloseInputAsync();
        }
    }

    private async Task EmitAsync(AgentSignal signal)
    {
        try
        {
            await _signals.Writer.WriteAsync(signal, _abandoned);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            // Nobody reads any more.
        }
    }
}

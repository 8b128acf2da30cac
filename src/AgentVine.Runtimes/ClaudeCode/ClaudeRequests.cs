using System.Text.Json;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>What Claude Code waits for from people, by the ids that the worker and the program know it by. Safe for concurrent use.</summary>
internal sealed class ClaudeRequests(TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, ClaudeRequest> _waiting = [];

    // The plan is in the tool's call, or in a file that the call stands for; the request for approval does not always repeat it.
    private (string? ToolUseId, string? Plan) _plan;

    /// <summary>Remembers the plan of an <c>assistant</c> line that calls ExitPlanMode.</summary>
    public void Notice(JsonElement line)
    {
        foreach (var block in line.Member("message")?.Items("content") ?? [])
        {
            if (block.Text("type") == "tool_use" && block.Text("name") == "ExitPlanMode")
            {
                _plan = (block.Text("id"), block.Member("input")?.Text("plan"));
            }
        }
    }

    public ClaudeRequest Open(string controlId, JsonElement request)
    {
        var plan = _plan.ToolUseId == request.Text("tool_use_id") ? _plan.Plan : null;
        var opened = ClaudeRequest.Of(controlId, request, plan, Guid.CreateVersion7(timeProvider.GetUtcNow()));
        lock (_lock)
        {
            _waiting.Add(opened.Asked.RequestId, opened);
        }

        return opened;
    }

    /// <summary>Null when nobody waits for it any more.</summary>
    public ClaudeRequest? Find(Guid id)
    {
        lock (_lock)
        {
            return _waiting.GetValueOrDefault(id);
        }
    }

    /// <returns>False for all but one of those who answer it.</returns>
    public bool Take(Guid id)
    {
        lock (_lock)
        {
            return _waiting.Remove(id);
        }
    }

    /// <summary>The request that the program no longer waits for; null when it was answered already.</summary>
    public Guid? Withdraw(string controlId)
    {
        lock (_lock)
        {
            var found = _waiting.Values.FirstOrDefault(request => request.ControlId == controlId)?.Asked.RequestId;
            return found is { } id && _waiting.Remove(id) ? id : null;
        }
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>Writes lines of the control protocol to Claude Code's standard input, one at a time and always whole.</summary>
internal sealed class ClaudeInput(Stream stream)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;
    private bool _closed;

    /// <returns>False when the program no longer reads.</returns>
    public Task<bool> UserAsync(string uuid, string text, CancellationToken cancellationToken) => WriteAsync(
        new { type = "user", message = new { role = "user", content = text }, parent_tool_use_id = (string?)null, session_id = string.Empty, uuid },
        cancellationToken);

    /// <returns>False when the program no longer reads.</returns>
    public Task<bool> RequestAsync(object request, CancellationToken cancellationToken) =>
        WriteAsync(new { type = "control_request", request_id = Guid.NewGuid().ToString(), request }, cancellationToken);

    /// <returns>False when the program no longer reads.</returns>
    public Task<bool> RespondAsync(string requestId, object response, CancellationToken cancellationToken) =>
        WriteAsync(new { type = "control_response", response = new { subtype = "success", request_id = requestId, response } }, cancellationToken);

    /// <returns>False when the program no longer reads.</returns>
    public Task<bool> RefuseAsync(string requestId, string error, CancellationToken cancellationToken) =>
        WriteAsync(new { type = "control_response", response = new { subtype = "error", request_id = requestId, error } }, cancellationToken);

    /// <summary>Closes standard input once what is being written is written.</summary>
    public Task CloseAsync(CancellationToken cancellationToken) => Queue(CloseAfterAsync).WaitAsync(cancellationToken);

    // Cancelling gives up the wait, never a line half-written: the program ends at a malformed one.
    private Task<bool> WriteAsync(object line, CancellationToken cancellationToken)
    {
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(line, Json), (byte)'\n'];
        return Queue(previous => WriteAfterAsync(previous, bytes)).WaitAsync(cancellationToken);
    }

    private Task<bool> Queue(Func<Task, Task<bool>> next)
    {
        lock (_lock)
        {
            var task = next(_last);
            _last = task;
            return task;
        }
    }

    private async Task<bool> WriteAfterAsync(Task previous, byte[] line)
    {
        await Task.Yield();
        await previous;
        if (_closed)
        {
            return false;
        }

        try
        {
            await stream.WriteAsync(line);
            await stream.FlushAsync();
            return true;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    private async Task<bool> CloseAfterAsync(Task previous)
    {
        await Task.Yield();
        await previous;
        _closed = true;
        try
        {
            await stream.DisposeAsync();
        }
        catch (IOException)
        {
            // Nobody is there to read what was still to be written.
        }

        return true;
    }
}

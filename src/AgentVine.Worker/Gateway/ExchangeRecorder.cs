using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker.Gateway;

/// <summary>
/// Writes down what agents and their models say, a file an exchange, without the keys: what the player of the scripted model plays again.
/// The files hold prompts and code, and so are their owner's alone.
/// </summary>
internal sealed partial class ExchangeRecorder
{
    /// <summary>What the files' names end with.</summary>
    public const string Extension = ".exchange.jsonl";

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private int _last;

    /// <exception cref="IOException">The folder cannot be made.</exception>
    public ExchangeRecorder(string folder, TimeProvider time, ILogger logger)
    {
        (_folder, _time, _logger) = (folder, time, logger);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Begins the record of a call; null where its file cannot be written, which does not stop the call.</summary>
    public ExchangeRecord? Begin(HttpContext call)
    {
        var now = _time.GetUtcNow();
        var name = string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd'T'HHmmssfff}-{Environment.ProcessId}-{Interlocked.Increment(ref _last):000000}{Extension}");
        try
        {
            return new ExchangeRecord(
                Path.Join(_folder, name), call.Request.Method, call.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, call.Request.Headers, _time);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            LogNotRecorded(fault.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A model call is not recorded: {Reason}")]
    private partial void LogNotRecorded(string reason);
}

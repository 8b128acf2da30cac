namespace AgentVine.Client;

/// <summary>What a <see cref="VineClient"/> is made of.</summary>
public sealed class VineClientOptions
{
    /// <summary>The server's address, for example <c>http://127.0.0.1:8000</c>; a path in it is kept as prefix.</summary>
    public required Uri Server { get; init; }

    /// <summary>Sent as <c>Authorization: Bearer …</c>; without one only filing and reading are open, and only on loopback.</summary>
    public string? Key { get; init; }

    /// <summary>How long an ordinary call may take; a long poll has its wait on top. Default: 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a bundle or diff may be under way. Default: 15 minutes.</summary>
    public TimeSpan TransferTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>A stream of events that is silent for so long is opened anew, since its connection may be dead. Default: 60 s.</summary>
    public TimeSpan StreamSilence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Sends U+FFFD for each NUL, which the server takes in no body: for callers who pass on what other programs wrote. (Half a
    /// surrogate pair, which it does not take either, is sent so in any case.)
    /// </summary>
    public bool ReplaceNul { get; init; }

    /// <summary>Sends the requests in place of the client's own connections; not disposed by the client.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>Drives time-outs and pauses.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

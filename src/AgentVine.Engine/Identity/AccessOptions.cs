namespace AgentVine.Engine.Identity;

/// <summary>How callers prove who they are. Made once at start and never changed.</summary>
public sealed record AccessOptions
{
    /// <summary>Who may call without a credential; see <see cref="ListenPolicy.ModeFor"/>.</summary>
    public AccessMode Mode { get; init; } = AccessMode.Loopback;

    /// <summary>The key: what <c>VINE_API_KEY</c> says, or else the data folder's <c>run.key</c>.</summary>
    public required AccessKey Key { get; init; }
}

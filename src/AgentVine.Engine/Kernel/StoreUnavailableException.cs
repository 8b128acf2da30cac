namespace AgentVine.Engine.Kernel;

/// <summary>The database cannot do this now, and a later try may succeed. Nothing was stored, unless <see cref="OutcomeUnknown"/>.</summary>
public sealed class StoreUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>
    /// True when the connection was lost at COMMIT and the database could not be asked since: the unit may be stored. A caller that
    /// repeats it must do so under the same idempotency key or claim id.
    /// </summary>
    public bool OutcomeUnknown { get; init; }
}

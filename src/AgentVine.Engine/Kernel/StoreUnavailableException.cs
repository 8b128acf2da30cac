namespace AgentVine.Engine.Kernel;

/// <summary>The database cannot do this now, and a later try may succeed. Nothing was stored.</summary>
public sealed class StoreUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);

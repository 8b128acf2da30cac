namespace AgentVine.Engine.Identity;

/// <summary>The server may not serve that address; the message says what to set.</summary>
public sealed class ListenRefusedException(string message) : Exception(message);

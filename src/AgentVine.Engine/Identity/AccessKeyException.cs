namespace AgentVine.Engine.Identity;

/// <summary>The server has no key that it may use; the message says what to do.</summary>
public sealed class AccessKeyException(string message, Exception? innerException = null) : Exception(message, innerException);

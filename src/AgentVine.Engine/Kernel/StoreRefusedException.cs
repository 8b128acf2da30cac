namespace AgentVine.Engine.Kernel;

/// <summary>The database cannot be used as it is (not a database, newer than the program, open elsewhere); a person must act, as the message says.</summary>
public sealed class StoreRefusedException(string message, Exception? innerException = null) : Exception(message, innerException);

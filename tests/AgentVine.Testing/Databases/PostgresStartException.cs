namespace AgentVine.Testing.Databases;

/// <summary>One of PostgreSQL's programs failed; the message has what it said.</summary>
public sealed class PostgresStartException(string message) : Exception(message);

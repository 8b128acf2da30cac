namespace AgentVine.Runtimes;

/// <summary>How an agent reaches the <c>vine</c> MCP server (streamable HTTP).</summary>
/// <param name="Url">For example <c>http://127.0.0.1:8000/mcp</c>.</param>
/// <param name="Token">A bearer token; a secret, kept out of argument lists and logs.</param>
public sealed record McpAccess(Uri Url, string Token);

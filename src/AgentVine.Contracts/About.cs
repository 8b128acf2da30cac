namespace AgentVine.Contracts;

/// <summary>The answer to <c>GET /about</c>.</summary>
/// <param name="Name">The product.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Database"><c>sqlite</c> or <c>postgres</c>.</param>
/// <param name="WorkerProtocol">The worker protocol's version.</param>
/// <param name="Authentication"><c>loopback</c> or <c>required</c>.</param>
/// <param name="DefaultRuntime">The runtime of tasks that name none.</param>
public sealed record About(string Name, string Version, string Database, int WorkerProtocol, string Authentication, string DefaultRuntime);

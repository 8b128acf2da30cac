namespace AgentVine.Contracts.Workers;

/// <summary>The answer to a registration: the worker, and the fleet's rhythm.</summary>
public sealed record RegisterWorkerResponse(Guid Id, WorkerView Worker, WorkerSettings Settings);

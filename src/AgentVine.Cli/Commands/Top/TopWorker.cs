using AgentVine.Contracts.Workers;

namespace AgentVine.Cli.Commands.Top;

/// <summary>A worker; <paramref name="Utilisation"/> is the share of its slot time under lease in the last hour.</summary>
internal sealed record TopWorker(
    string Name, WorkerStatus Status, string? StatusReason, int Slots, int Leased, decimal? Utilisation, DateTimeOffset? UnconfirmedSince);

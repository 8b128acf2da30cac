namespace AgentVine.Cli.Commands.Top;

/// <summary>The last 60 minutes.</summary>
/// <param name="Completed">Tasks completed.</param>
/// <param name="Failed">Tasks failed.</param>
/// <param name="CompletionRate">The completed share of all that ended.</param>
/// <param name="Claims">Orders claimed.</param>
/// <param name="ClaimP50Seconds">Half of them were claimed within so many seconds of being ready.</param>
/// <param name="ClaimP95Seconds">95 percent of them.</param>
/// <param name="CostUsd">What model calls cost.</param>
internal sealed record TopHour(
    long Completed, long Failed, decimal? CompletionRate, long Claims, decimal? ClaimP50Seconds, decimal? ClaimP95Seconds, decimal CostUsd);

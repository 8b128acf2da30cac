using AgentVine.Contracts.Executions;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Accounts;

/// <summary>A row of <c>execution_usage</c>.</summary>
internal sealed class UsageRecord
{
    public long Minute { get; init; }

    public string Model { get; init; } = "";

    public long Calls { get; init; }

    public long Input { get; init; }

    public long Output { get; init; }

    public long CacheRead { get; init; }

    public long CacheWrite { get; init; }

    public long Cost { get; init; }

    public UsageRow ToView() => new()
    {
        Minute = Minute.Time(),
        Model = Model,
        Calls = Calls,
        Input = Input,
        Output = Output,
        CacheRead = CacheRead,
        CacheWrite = CacheWrite,
        CostUsd = Cost.Dollar(),
    };
}

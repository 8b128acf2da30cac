using AgentVine.Engine.Kernel;

namespace AgentVine.Testing.Conformance;

/// <summary>An empty database for each scenario: there is one organization, and its queue is one.</summary>
internal static class QueueGround
{
    private static readonly string[] Tables =
    [
        "requests", "messages", "worker_commands", "worker_accounts", "accounts", "spending", "execution_usage", "workers", "sessions", "checkpoints", "execution_output", "executions", "work_orders",
        "task_outcomes", "queue_samples", "worker_spans", "task_dependencies", "tasks", "repositories", "idempotency_keys", "events",
    ];

    public static Task ClearAsync(IStore store) => store.WriteAsync(
        Organizations.Default,
        async unit =>
        {
            foreach (var table in Tables)
            {
                await unit.ExecuteAsync($"delete from {table}");
            }

            return await unit.ExecuteAsync("update event_counters set last_sequence = 0 where organization_id = @OrganizationId");
        },
        CancellationToken.None);
}

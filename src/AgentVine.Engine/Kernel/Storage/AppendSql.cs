namespace AgentVine.Engine.Kernel.Storage;

/// <summary>How a unit's events enter the log.</summary>
internal static class AppendSql
{
    public const string Count = """
        update event_counters set last_sequence = last_sequence + @Count where organization_id = @OrganizationId returning last_sequence
        """;

    public const string Insert = """
        insert into events (organization_id, sequence, type, task_id, work_order_id, execution_id, session_id, request_id, worker_id, data, at)
        select organization_id, last_sequence - @Remaining, @Type, @TaskId, @WorkOrderId, @ExecutionId, @SessionId, @RequestId, @WorkerId,
               @Data, @At
        from event_counters
        where organization_id = @OrganizationId
        """;
}

namespace AgentVine.Engine.Kernel.Events;

/// <summary>Reading the log.</summary>
internal static class EventLogSql
{
    public const string State = "select last_sequence, pruned_through from event_counters where organization_id = @OrganizationId";

    public const string All = $"""
        select {Columns} from events
        where organization_id = @OrganizationId and sequence > @After and {OfTypes}
        order by sequence limit @Limit
        """;

    public const string OfTask = $"""
        select {Columns} from events
        where organization_id = @OrganizationId and task_id = @TaskId and sequence > @After and {OfTypes}
        order by sequence limit @Limit
        """;

    private const string Columns = "sequence, type, task_id, work_order_id, execution_id, session_id, request_id, worker_id, data, at";

    // @Types is empty, or ",one,two,": both engines lack a list that the other takes.
    private const string OfTypes = "(@Types = '' or replace(@Types, ',' || type || ',', '') <> @Types)";
}

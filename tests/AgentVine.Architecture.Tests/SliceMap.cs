namespace AgentVine.Architecture.Tests;

/// <summary>
/// The map of the engine. A slice uses lower floors, and of its own floor what it names; news goes up as events, or through a port
/// that the lower slice declares. <c>docs/architecture.md</c> shows this list.
/// </summary>
public static class SliceMap
{
    public static IReadOnlyList<Slice> Slices { get; } =
    [
        new("Kernel", 0, "Units of work, the event log, the shape of HTTP: no business noun") { Open = ["Blobs", "Events", "Http", "Storage"] },
        new("Identity", 1, "Who calls: the run key, and which addresses may"),
        new("Observability", 1, "Health, the API's description, and what answers here") { Beside = ["Identity"] },
        new("Repositories", 2, "The git repositories that tasks work on, their limits and branches"),
        new("Executions", 2, "The record of each attempt: output, result, branch, checkpoints") { Beside = ["Repositories", "Sessions"] },
        new("Sessions", 2, "The agents' conversations, by the agent program's own ids"),
        new("Accounts", 2, "Where model calls are paid, whether work may begin there, and what it may cost") { Beside = ["Executions"] },
        new("Tasks", 2, "Tasks, their table of states, and the queue of work orders") { Beside = ["Accounts", "Executions", "Repositories", "Sessions"], Open = ["Queue"] },
        new("Workers", 3, "The registry of workers, their leases and their commands"),
        new("Conversations", 3, "What agents ask and what people write") { Beside = ["Workers"] },
        new("Analytics", 4, "The fleet's figures, from what is stored"),
        new("Integrations", 5, "The agents' own MCP server"),
    ];

    /// <summary>Statements that run outside the slice that owns their tables, each with its reason.</summary>
    public static IReadOnlyDictionary<string, string> SharedStatements { get; } = new Dictionary<string, string>
    {
        ["Tasks ExecutionsSql.OfTask"] = "a task shows its attempts",
        ["Workers ExecutionsSql.OfTask"] = "a claim goes on from earlier attempts",
        ["Workers ExecutionsSql.SetSession"] = "a session is told with its attempt, in one unit",
        ["Workers QueueSql.Expired"] = "leases are kept by the workers' slice, on the queue's rows",
        ["Workers QueueSql.LeasedToWorker"] = "leases are kept by the workers' slice, on the queue's rows",
        ["Workers QueueSql.Rearm"] = "leases are kept by the workers' slice, on the queue's rows",
    };

    public static Slice? Find(string name) => Slices.FirstOrDefault(slice => slice.Name == name);

    /// <summary>Why <paramref name="user"/> may not use <paramref name="used"/>; null when it may.</summary>
    /// <param name="user">The slice that uses.</param>
    /// <param name="used">The slice that is used.</param>
    /// <param name="subfolder">The used slice's subfolder; null for its root.</param>
    public static string? Refusal(Slice user, Slice used, string? subfolder) => (user, used) switch
    {
        _ when user == used => null,
        _ when used.Floor > user.Floor || (used.Floor == user.Floor && !user.Beside.Contains(used.Name)) =>
            $"{user.Name} (floor {user.Floor}) may not use {used.Name} (floor {used.Floor}): raise an event or declare a port",
        _ when subfolder is not null && !used.Open.Contains(subfolder) =>
            $"{user.Name} may not use {used.Name}.{subfolder}: a subfolder is its slice's own; use what {used.Name} offers at its root",
        _ => null,
    };
}

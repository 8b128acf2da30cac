using System.Globalization;
using System.Text.Json;

namespace AgentVine.Chaos.Fleet;

/// <summary>An event of the log as it came over the wire.</summary>
internal sealed record Fact(JsonElement Json)
{
    public long Sequence { get; } = Json.GetProperty("sequence").GetInt64();

    public string Type { get; } = Json.GetProperty("type").GetString()!;

    public string? Task { get; } = Json.Text("task_id");

    public string? WorkOrder { get; } = Json.Text("work_order_id");

    public string? Execution { get; } = Json.Text("execution_id");

    public string? Request { get; } = Json.Text("request_id");

    public DateTimeOffset At { get; } = DateTimeOffset.Parse(Json.GetProperty("at").GetString()!, CultureInfo.InvariantCulture);

    /// <summary>A member of its data.</summary>
    public string? this[string name] => Json.TryGetProperty("data", out var data) ? data.Text(name) : null;

    public override string ToString() => $"{Sequence,6} {At:HH:mm:ss.fff} {Type,-28} {Short("task", Task)}{Short("execution", Execution)}{Short("request", Request)}{Json.Text("data")}";

    private static string Short(string what, string? id) => id is null ? "" : $"{what} …{id[^6..]} ";
}

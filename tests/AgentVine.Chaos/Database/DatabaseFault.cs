using System.Globalization;

namespace AgentVine.Chaos.Database;

/// <summary>At which commit the database goes: that of a unit that tells of an event, before or after it.</summary>
/// <param name="IsAfter">Whether the unit is durable by then.</param>
/// <param name="EventType">What the unit tells of.</param>
/// <param name="Pass">The how many-th such unit.</param>
internal sealed record DatabaseFault(bool IsAfter, string EventType, int Pass)
{
    /// <summary>Reads <c>after:execution.ended:2</c>; null for what is no fault of the database.</summary>
    public static DatabaseFault? Read(string? text) => text?.Split(':') is [("before" or "after") and var moment, var type, var pass]
        ? new DatabaseFault(moment == "after", type, int.Parse(pass, CultureInfo.InvariantCulture))
        : null;
}

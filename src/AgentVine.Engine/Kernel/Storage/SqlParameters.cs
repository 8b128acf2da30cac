using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Reflection;
using AgentVine.Contracts;

namespace AgentVine.Engine.Kernel.Storage;

/// <summary>Turns the properties of an object into parameters, each in the form that the columns hold: see <see cref="RowMapping"/>.</summary>
public static class SqlParameters
{
    private static readonly ConcurrentDictionary<Type, Property[]> Properties = new();
    private static readonly ConcurrentDictionary<Enum, string> EnumNames = new();

    /// <summary>
    /// Adds <c>@OrganizationId</c> and one parameter for each property. Enums become their wire names, ids lowercase text, flags 0 and 1,
    /// times microseconds.
    /// </summary>
    public static void Bind(DbParameterCollection target, Func<DbParameter> create, Guid organizationId, object? parameters)
    {
        Add(target, create, "OrganizationId", DbType.String, organizationId.ToString());
        if (parameters is null)
        {
            return;
        }

        foreach (var property in Properties.GetOrAdd(parameters.GetType(), Describe))
        {
            Add(target, create, property.Name, property.Type, Stored(property.Source.GetValue(parameters)));
        }
    }

    private static void Add(DbParameterCollection target, Func<DbParameter> create, string name, DbType type, object? value)
    {
        var parameter = create();
        parameter.ParameterName = "@" + name;
        parameter.DbType = type;
        parameter.Value = value ?? DBNull.Value;
        target.Add(parameter);
    }

    private static object? Stored(object? value) => value switch
    {
        Guid id => id.ToString(),
        bool flag => flag ? 1 : 0,
        DateTimeOffset time => time.Micros(),
        Enum name => EnumNames.GetOrAdd(name, WireName),
        _ => value,
    };

    private static Property[] Describe(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.Name != "OrganizationId" && property.GetIndexParameters().Length == 0)
            .Select(property => new Property(property.Name, StoredAs(property), property)),
    ];

    private static DbType StoredAs(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type switch
        {
            _ when type == typeof(string) || type == typeof(Guid) || type.IsEnum => DbType.String,
            _ when type == typeof(long) || type == typeof(DateTimeOffset) => DbType.Int64,
            _ when type == typeof(int) || type == typeof(bool) => DbType.Int32,
            _ when type == typeof(double) => DbType.Double,
            _ when type == typeof(decimal) => DbType.Decimal,
            _ when type == typeof(byte[]) => DbType.Binary,
            _ => throw new ArgumentException(
                $"The parameter {property.Name} is a {type.Name}, which no column holds. Pass a string, Guid, enum, integer, double, decimal, "
                + "bool, DateTimeOffset or byte[]; a list goes as a JSON string."),
        };
    }

    private static string WireName(Enum value) =>
        System.Text.Json.JsonSerializer.SerializeToElement(value, value.GetType(), VineJson.Options).GetString()
            ?? throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{value} has no wire name."));

    private sealed record Property(string Name, DbType Type, PropertyInfo Source);
}

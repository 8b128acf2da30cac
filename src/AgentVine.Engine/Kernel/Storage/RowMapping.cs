using System.Data;
using System.Data.Common;
using System.Globalization;
using Dapper;

namespace AgentVine.Engine.Kernel.Storage;

/// <summary>
/// Dapper, configured once: <c>snake_case</c> columns, ids as lowercase text, flags as 0 and 1, times as microseconds. Enums are
/// read as the strings they are stored as, and turned by <see cref="Contracts.VineJson.Parse"/>.
/// </summary>
internal static class RowMapping
{
    static RowMapping()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.TypeMapProvider = type => new RowTypeMap(type);
        Handle(new GuidHandler());
        Handle(new FlagHandler());
        Handle(new TimeHandler());
        Handle(new DecimalHandler());
        Handle(new DoubleHandler());
    }

    /// <summary>Reads all rows of <paramref name="reader"/> from where it stands.</summary>
    public static async Task<IReadOnlyList<T>> ReadAllAsync<T>(DbDataReader reader, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        Func<DbDataReader, object?>? parse = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            parse ??= Parser<T>(reader);
            rows.Add(To<T>(parse(reader)));
        }

        return rows;
    }

    /// <summary>Reads the row that comes next, or the default.</summary>
    public static async Task<T?> ReadFirstAsync<T>(DbDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken) ? To<T>(Parser<T>(reader)(reader)) : default;

    private static Func<DbDataReader, object?> Parser<T>(DbDataReader reader)
    {
        var parse = reader.GetRowParser<object?>(typeof(T));

        // Of a single column, Dapper hands a null to the handler, which has no answer to it.
        return SqlMapper.HasTypeHandler(Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)) ? row => row.IsDBNull(0) ? null : parse(row) : parse;
    }

    private static T To<T>(object? value) => value switch
    {
        T row => row,
        null => default!,
        _ => (T)Convert.ChangeType(value, Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T), CultureInfo.InvariantCulture),
    };

    private static void Handle<T>(SqlMapper.TypeHandler<T> handler)
        where T : struct
    {
        // Dapper asks its own table before the handlers; what stands there hides them.
        SqlMapper.RemoveTypeMap(typeof(T));
        SqlMapper.RemoveTypeMap(typeof(T?));
        SqlMapper.AddTypeHandler(handler);
    }

    private sealed class GuidHandler : SqlMapper.TypeHandler<Guid>
    {
        public override Guid Parse(object value) => value is Guid id ? id : Guid.Parse((string)value);

        public override void SetValue(IDbDataParameter parameter, Guid value) => parameter.Value = value.ToString();
    }

    private sealed class FlagHandler : SqlMapper.TypeHandler<bool>
    {
        public override bool Parse(object value) => Convert.ToBoolean(value, CultureInfo.InvariantCulture);

        public override void SetValue(IDbDataParameter parameter, bool value) => parameter.Value = value ? 1 : 0;
    }

    // SQLite hands over 0.5 and 2 of one column as different types; Dapper alone believes the first row.
    private sealed class DecimalHandler : SqlMapper.TypeHandler<decimal>
    {
        public override decimal Parse(object value) => Convert.ToDecimal(value, CultureInfo.InvariantCulture);

        public override void SetValue(IDbDataParameter parameter, decimal value) => parameter.Value = value;
    }

    private sealed class DoubleHandler : SqlMapper.TypeHandler<double>
    {
        public override double Parse(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

        public override void SetValue(IDbDataParameter parameter, double value) => parameter.Value = value;
    }

    private sealed class TimeHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => Convert.ToInt64(value, CultureInfo.InvariantCulture).Time();

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.Micros();
    }
}

namespace AgentVine.Engine.Kernel;

/// <summary>Reads inside one snapshot.</summary>
public interface IReadSession
{
    /// <summary>The tenant whose rows are read; every statement names it as <c>@OrganizationId</c>, which is filled in by the session.</summary>
    Guid OrganizationId { get; }

    /// <summary>
    /// All rows. Columns are matched to <typeparamref name="T"/> by name, <c>snake_case</c> to <c>PascalCase</c>: a record with init
    /// properties, a positional record whose parameters stand in the order of the columns, or one column as a plain type. Ids are read
    /// from text, flags from 0 and 1, times from microseconds; states are read as strings, for <see cref="Contracts.VineJson.Parse"/>.
    /// </summary>
    /// <param name="sql">Constant text.</param>
    /// <param name="parameters">
    /// An object whose properties are the parameters, or null. Enums are stored by their wire names, the others as they are read.
    /// </param>
    Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null);

    /// <summary>The first row, or the default of <typeparamref name="T"/>.</summary>
    Task<T?> FirstOrDefaultAsync<T>(string sql, object? parameters = null);
}

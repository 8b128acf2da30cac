namespace AgentVine.Engine.Kernel;

/// <summary>Reads inside one snapshot.</summary>
public interface IReadSession
{
    /// <summary>The tenant whose rows are read; every statement names it as <c>@OrganizationId</c>, which is filled in by the session.</summary>
    Guid OrganizationId { get; }

    /// <summary>All rows. Columns are matched to <typeparamref name="T"/> by name, <c>snake_case</c> to <c>PascalCase</c>.</summary>
    /// <param name="sql">Constant text.</param>
    /// <param name="parameters">An object whose properties are the parameters, or null.</param>
    Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null);

    /// <summary>The first row, or the default of <typeparamref name="T"/>.</summary>
    Task<T?> FirstOrDefaultAsync<T>(string sql, object? parameters = null);
}

using System.Reflection;
using Dapper;

namespace AgentVine.Engine.Kernel.Storage;

/// <summary>
/// Maps rows to records with init properties by name, and to positional records by name and order, whatever width the engine gives an
/// integer (SQLite: always 64 bits).
/// </summary>
internal sealed class RowTypeMap(Type type) : SqlMapper.ITypeMap
{
    private readonly DefaultTypeMap _byName = new(type);

    public ConstructorInfo? FindConstructor(string[] names, Type[] types)
    {
        var constructors = type.GetConstructors();
        if (type.IsValueType || constructors.Any(constructor => constructor.GetParameters().Length == 0))
        {
            return _byName.FindConstructor(names, types);
        }

        return constructors.FirstOrDefault(constructor => Fits(constructor, names))
            ?? throw new InvalidOperationException(
                $"{type.Name} cannot be made from the columns {string.Join(", ", names)}. A positional record takes the columns of its "
                + $"constructor, in its order: {string.Join("; or ", constructors.Select(Parameters))}.");
    }

    public ConstructorInfo? FindExplicitConstructor() => _byName.FindExplicitConstructor();

    public SqlMapper.IMemberMap? GetConstructorParameter(ConstructorInfo constructor, string columnName) =>
        _byName.GetConstructorParameter(constructor, columnName);

    public SqlMapper.IMemberMap? GetMember(string columnName) =>
        _byName.GetMember(columnName)
            ?? throw new InvalidOperationException(
                $"{type.Name} has no settable property for the column {columnName}. Add it, or leave the column out of the select.");

    // Dapper pushes the values in the order of the columns, so that the parameters must stand in the same.
    private static bool Fits(ConstructorInfo constructor, string[] names) =>
        constructor.GetParameters().Select(parameter => parameter.Name!).SequenceEqual(names.Select(Plain), StringComparer.OrdinalIgnoreCase);

    private static string Parameters(ConstructorInfo constructor) =>
        string.Join(", ", constructor.GetParameters().Select(parameter => parameter.Name));

    private static string Plain(string column) => column.Replace("_", "", StringComparison.Ordinal);
}

namespace AgentVine.Engine.Kernel;

/// <summary>One numbered step of the schema, embedded beside the slice that owns the tables: <c>NNNN_name.sql</c>, or <c>NNNN_name.postgres.sql</c> where the engines must differ.</summary>
public sealed record MigrationScript(int Number, string Name, string Sql)
{
    /// <summary>The steps for <paramref name="dialect"/>, in order of their numbers.</summary>
    public static IReadOnlyList<MigrationScript> For(ISqlDialect dialect)
    {
        var assembly = typeof(MigrationScript).Assembly;
        var steps = new SortedDictionary<int, MigrationScript>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)))
        {
            // The resource's name is the file's: see LogicalName in the project file.
            var parts = resource[..^".sql".Length].Split('.');
            var number = int.Parse(parts[0].Split('_')[0], System.Globalization.CultureInfo.InvariantCulture);
            var sibling = parts.Length > 1 ? parts[1] : null;
            if (sibling is not null ? sibling != dialect.Name : steps.ContainsKey(number))
            {
                continue;
            }

            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            steps[number] = new MigrationScript(number, parts[0], reader.ReadToEnd());
        }

        return [.. steps.Values];
    }
}

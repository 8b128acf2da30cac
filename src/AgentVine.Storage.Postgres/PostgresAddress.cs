using AgentVine.Engine.Kernel;
using Npgsql;

namespace AgentVine.Storage.Postgres;

/// <summary>Reads where the database is: <c>postgres://user:password@host:port/database?sslmode=require</c>, or Npgsql's own form.</summary>
internal static class PostgresAddress
{
    public static NpgsqlConnectionStringBuilder Parse(string address)
    {
        try
        {
            var settings = Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme is "postgres" or "postgresql")
                ? FromUri(uri)
                : new NpgsqlConnectionStringBuilder(address);
            Default(settings, "Maximum Pool Size", 32);
            Default(settings, "Max Auto Prepare", 128);
            Default(settings, "Application Name", "vine");
            return settings;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // The address can hold a password: neither it nor the cause is repeated here.
            throw new StoreRefusedException(
                "The database's address is neither postgres://user:password@host:port/database nor Host=…;Database=…;Username=…. "
                + "Correct --database or VINE_DATABASE.");
        }
    }

    /// <summary>The database's name in messages.</summary>
    public static string Describe(NpgsqlConnectionStringBuilder settings) => $"The database {settings.Host}:{settings.Port}/{settings.Database}";

    private static NpgsqlConnectionStringBuilder FromUri(Uri uri)
    {
        var login = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port < 0 ? NpgsqlConnection.DefaultPort : uri.Port,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            Username = Uri.UnescapeDataString(login[0]),
            Password = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null,
        };
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            var value = Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? "");
            settings[parts[0]] = parts[0] == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }

        return settings;
    }

    private static void Default(NpgsqlConnectionStringBuilder settings, string key, object value)
    {
        // ContainsKey answers whether the key exists at all, not whether it was given.
        if (!settings.Keys.Any(given => given == key))
        {
            settings[key] = value;
        }
    }
}

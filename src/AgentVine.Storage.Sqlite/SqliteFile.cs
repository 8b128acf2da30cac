using AgentVine.Engine.Kernel;
using Microsoft.Data.Sqlite;

namespace AgentVine.Storage.Sqlite;

/// <summary>The database file, held by this process alone: leases and wake-ups live in one process.</summary>
internal sealed class SqliteFile : IDisposable
{
    private readonly FileStream _lock;

    public SqliteFile(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        Path = System.IO.Path.GetFullPath(path);
        _lock = Lock(Path);
        try
        {
            // Says now what is wrong with the file, and makes it a WAL database before anybody reads.
            using var connection = Open("pragma journal_mode = wal");
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>A connection for the one writer, or for migrations.</summary>
    public SqliteFileConnection OpenWriter() => Open(
        "pragma synchronous = full; pragma fullfsync = on; pragma foreign_keys = on; pragma journal_size_limit = 67108864");

    /// <summary>A connection that cannot write.</summary>
    public SqliteFileConnection OpenReader() => Open("pragma query_only = on");

    public void Dispose() => _lock.Dispose();

    private SqliteFileConnection Open(string pragmas)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false, DefaultTimeout = 5 };
        var connection = new SqliteFileConnection(settings.ToString());
        try
        {
            connection.Open();
            connection.Run("pragma busy_timeout = 5000; pragma temp_store = memory");
            connection.Run(pragmas);
            return connection;
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw new StoreRefusedException(WhyNotOpened(exception), exception);
        }
    }

    private string WhyNotOpened(SqliteException exception) => exception.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_NOTADB =>
            $"'{Path}' is not a SQLite database. Move it away, or name another data folder with --data.",
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PERM =>
            $"'{Path}' cannot be written. Give this user the right to write the file and its folder, or name another data folder with --data.",
        _ => $"'{Path}' cannot be opened: {exception.Message}",
    };

    private static FileStream Lock(string path)
    {
        var file = path + ".lock";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StoreRefusedException(
                $"'{file}' cannot be written. Give this user the right to write the folder, or name another data folder with --data.", exception);
        }
        catch (IOException exception) when (File.Exists(file))
        {
            throw new StoreRefusedException(
                $"The database '{path}' is in use by another vine process. Stop that one first, or name another data folder with --data.",
                exception);
        }
        catch (IOException exception)
        {
            throw new StoreRefusedException(
                $"The folder of '{path}' cannot be made or written: {exception.Message} Name another data folder with --data.", exception);
        }
    }
}

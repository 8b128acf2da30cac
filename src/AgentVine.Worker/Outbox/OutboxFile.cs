using System.Globalization;
using System.Text.Json;
using AgentVine.Contracts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker.Outbox;

/// <summary>
/// The outbox on disk: a SQLite file. One thread writes, others read. What is torn beyond reading is moved aside, so that it cannot
/// stop the worker for ever.
/// </summary>
internal sealed partial class OutboxFile : IDisposable
{
    // Of what was refused, enough for a person to see what it was.
    private const int RefusedBodyBytes = 64 * 1024;
    private const int MostRefused = 1000;
    private static readonly TimeSpan KeepsRefused = TimeSpan.FromDays(7);

    private static readonly string[] Suffixes = ["", "-wal", "-shm"];

    private readonly Lock _reading = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private SqliteConnection _writer = null!;
    private SqliteConnection _reader = null!;

    public OutboxFile(string path, TimeProvider time, ILogger logger)
    {
        SQLitePCL.Batteries_V2.Init();
        (_path, _time, _logger) = (path, time, logger);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            Open();
        }
        catch (SqliteException torn) when (IsTorn(torn))
        {
            StartAnew(torn);
        }
    }

    /// <summary>True for a file that will not get better by trying again.</summary>
    public static bool IsTorn(SqliteException exception) => exception.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB;

    /// <summary>Makes all changes durable at once, or none of them. For the one writer.</summary>
    public void Store(IReadOnlyList<OutboxChange> changes)
    {
        using var transaction = _writer.BeginTransaction(deferred: false);
        foreach (var change in changes)
        {
            Store(change, transaction);
        }

        transaction.Commit();
    }

    /// <summary>Moves the torn file aside and begins an empty one. For the one writer.</summary>
    public void StartAnew(SqliteException torn)
    {
        lock (_reading)
        {
            Close();
            var aside = $"{_path}.torn-{_time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)}";
            foreach (var suffix in Suffixes.Where(suffix => File.Exists(_path + suffix)))
            {
                File.Move(_path + suffix, aside + suffix, overwrite: true);
            }

            LogTorn(torn, _path, aside);
            Open();
        }
    }

    /// <summary>Executions of which something is to be sent, in the order in which they began to tell.</summary>
    public IReadOnlyList<Guid> Executions() =>
        Read("select execution_id from entries group by execution_id order by min(id)", _ => { }, row => row.GetGuid(0));

    /// <summary>The first entry of the execution past <paramref name="after"/>.</summary>
    public OutboxEntry? Next(Guid executionId, long after) => Read(
        "select n, kind, body, at from entries where execution_id = $execution and n > $after order by n limit 1",
        command =>
        {
            command.Parameters.AddWithValue("$execution", executionId.ToString("D"));
            command.Parameters.AddWithValue("$after", after);
        },
        row => new OutboxEntry(executionId, row.GetInt64(0), Kind(row.GetString(1)), row.GetFieldValue<byte[]>(2), FromMicroseconds(row.GetInt64(3)))).FirstOrDefault();

    /// <summary>What the server did not take, oldest first.</summary>
    public IReadOnlyList<RefusedEntry> Refused() => Read(
        "select execution_id, n, kind, problem from refused order by id",
        _ => { },
        row => new RefusedEntry(row.GetGuid(0), row.GetInt64(1), Kind(row.GetString(2)), row.GetString(3)));

    public void Dispose() => Close();

    private void Store(OutboxChange change, SqliteTransaction transaction)
    {
        switch (change)
        {
            case OutboxChange.Add { Entry: var entry }:
                Run(
                    transaction,
                    "insert into entries (execution_id, n, kind, body, at) values ($execution, $n, $kind, $body, $at)",
                    ("$execution", Id(entry.ExecutionId)), ("$n", entry.N), ("$kind", entry.Kind.ToString()), ("$body", entry.Body), ("$at", Microseconds(entry.At)));
                break;
            case OutboxChange.Remove sent:
                Remove(transaction, sent.ExecutionId, sent.N);
                break;
            case OutboxChange.Refuse { Entry: var entry, Problem: var problem }:
                Remove(transaction, entry.ExecutionId, entry.N);
                KeepRefused(transaction, entry, problem);
                break;
        }
    }

    private void Remove(SqliteTransaction transaction, Guid executionId, long n) =>
        Run(transaction, "delete from entries where execution_id = $execution and n = $n", ("$execution", Id(executionId)), ("$n", n));

    private void KeepRefused(SqliteTransaction transaction, OutboxEntry entry, Problem problem)
    {
        var now = _time.GetUtcNow();
        Run(
            transaction,
            "insert into refused (execution_id, n, kind, body, at, problem, refused_at) values ($execution, $n, $kind, $body, $at, $problem, $now)",
            ("$execution", Id(entry.ExecutionId)),
            ("$n", entry.N),
            ("$kind", entry.Kind.ToString()),
            ("$body", entry.Body.Length <= RefusedBodyBytes ? entry.Body : entry.Body[..RefusedBodyBytes]),
            ("$at", Microseconds(entry.At)),
            ("$problem", JsonSerializer.Serialize(problem, VineJson.Options)),
            ("$now", Microseconds(now)));
        Run(
            transaction,
            "delete from refused where refused_at < $old or id <= (select max(id) from refused) - $most",
            ("$old", Microseconds(now - KeepsRefused)),
            ("$most", MostRefused));
    }

    private void Open()
    {
        try
        {
            _writer = Connect();
            Run(null, "pragma auto_vacuum = incremental");
            Run(null, "pragma journal_mode = wal");
            Run(null, "pragma synchronous = full");
            Run(null, "pragma fullfsync = on");
            Run(null, "pragma journal_size_limit = 16777216");
            Run(null, Schema);
            Run(null, "pragma incremental_vacuum");
            _reader = Connect();
            if (Read("pragma quick_check(1)", _ => { }, row => row.GetString(0)) is not ["ok"])
            {
                throw new SqliteException("its pages contradict each other", SQLitePCL.raw.SQLITE_CORRUPT);
            }
        }
        catch
        {
            Close();
            throw;
        }
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // The reader is left out where opening failed before it.
    private void Close()
    {
        _reader?.Dispose();
        _writer?.Dispose();
    }

    private void Run(SqliteTransaction? transaction, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = _writer.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }

    private List<T> Read<T>(string sql, Action<SqliteCommand> bind, Func<SqliteDataReader, T> read)
    {
        lock (_reading)
        {
            using var command = _reader.CreateCommand();
            command.CommandText = sql;
            bind(command);
            using var rows = command.ExecuteReader();
            var found = new List<T>();
            while (rows.Read())
            {
                found.Add(read(rows));
            }

            return found;
        }
    }

    private const string Schema = """
        create table if not exists entries (
            id integer primary key autoincrement,
            execution_id text not null,
            n integer not null,
            kind text not null,
            body blob not null,
            at integer not null,
            unique (execution_id, n));
        create table if not exists refused (
            id integer primary key autoincrement,
            execution_id text not null,
            n integer not null,
            kind text not null,
            body blob not null,
            at integer not null,
            problem text not null,
            refused_at integer not null)
        """;

    private static string Id(Guid id) => id.ToString("D");

    private static OutboxKind Kind(string name) => Enum.TryParse<OutboxKind>(name, out var kind) ? kind : (OutboxKind)(-1);

    private static long Microseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static DateTimeOffset FromMicroseconds(long at) => DateTimeOffset.UnixEpoch.AddTicks(at * TimeSpan.TicksPerMicrosecond);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "THE OUTBOX {Path} IS TORN: what it held and the server had not heard is lost to this worker. The file is kept as {Aside}; an empty one takes its place. Look after the disk.")]
    private partial void LogTorn(Exception torn, string path, string aside);
}

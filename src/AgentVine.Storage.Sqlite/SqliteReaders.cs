using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace AgentVine.Storage.Sqlite;

/// <summary>A few connections for reading, opened when first needed; each serves one snapshot at a time.</summary>
internal sealed class SqliteReaders(SqliteFile file, int count) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count);
    private readonly ConcurrentBag<SqliteFileConnection> _idle = [];
    private volatile bool _disposed;

    public async Task<T> ReadAsync<T>(Func<SqliteFileConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteStore));
            var connection = _idle.TryTake(out var idle) ? idle : file.OpenReader();
            try
            {
                connection.Run("begin");
                return await read(connection);
            }
            finally
            {
                Return(connection);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private void Return(SqliteFileConnection connection)
    {
        try
        {
            if (connection.InTransaction)
            {
                connection.Run("rollback");
            }
        }
        catch (SqliteException)
        {
            // Its next reader would sit in this one's snapshot.
            connection.Dispose();
            return;
        }

        _idle.Add(connection);
        if (_disposed)
        {
            Dispose();
        }
    }
}

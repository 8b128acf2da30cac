using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace AgentVine.Testing.Databases;

/// <summary>
/// An assembly fixture: a private PostgreSQL cluster on a unix socket, made when the first database is asked for and stopped by its
/// pid at the end. As root it runs as <c>postgres</c>, which PostgreSQL insists on.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const int Port = 5432;

    private readonly SemaphoreSlim _one = new(1);
    private DirectoryInfo? _folder;
    private int _databases;

    /// <summary>The socket that the server listens on, once it runs.</summary>
    public string Socket => Path.Combine(Folder.FullName, string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{Port}"));

    /// <summary>The server's first process, the parent of all others.</summary>
    public int Pid => int.Parse(File.ReadLines(Path.Combine(Data(Folder), "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private DirectoryInfo Folder => _folder ?? throw new InvalidOperationException("The server is not started: create a database first.");

    /// <summary>An empty database of its own; answers how to connect to it.</summary>
    public async Task<NpgsqlConnectionStringBuilder> CreateDatabaseAsync()
    {
        await _one.WaitAsync();
        try
        {
            if (_folder is null)
            {
                _folder = await StartAsync(attempts: 3);
                AppDomain.CurrentDomain.ProcessExit += Stop;
            }

            var name = string.Create(CultureInfo.InvariantCulture, $"vine_{++_databases}");
            await using var connection = new NpgsqlConnection(Settings("postgres").ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"create database {name}", connection);
            await command.ExecuteNonQueryAsync();
            return Settings(name);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Starts it once more, after all its processes were killed.</summary>
    public Task StartAgainAsync() => RunAsync(Folder);

    public async ValueTask DisposeAsync()
    {
        if (_folder is { } folder)
        {
            _folder = null;
            AppDomain.CurrentDomain.ProcessExit -= Stop;
            await RunAsync(folder, "pg_ctl", "-D", Data(folder), "-m", "immediate", "-w", "stop");
            folder.Delete(recursive: true);
        }

        _one.Dispose();
    }

    // A run that is ended from outside disposes nothing.
    private void Stop(object? sender, EventArgs arguments) => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private NpgsqlConnectionStringBuilder Settings(string database) => new()
    {
        Host = Folder.FullName,
        Port = Port,
        Username = "postgres",
        Database = database,
        Pooling = database != "postgres",
        MaxPoolSize = 20,
    };

    private static async Task<DirectoryInfo> StartAsync(int attempts)
    {
        var folder = Directory.CreateTempSubdirectory("vine-pg-");
        try
        {
            await StartAsync(folder);
            return folder;
        }
        catch (PostgresStartException) when (attempts > 1)
        {
            folder.Delete(recursive: true);
            return await StartAsync(attempts - 1);
        }
    }

    private static async Task StartAsync(DirectoryInfo folder)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync(new ProcessStartInfo("chown", ["postgres", folder.FullName]));
        }

        await RunAsync(folder, "initdb", "-D", Data(folder), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C");
        await RunAsync(folder);
    }

    private static async Task RunAsync(DirectoryInfo folder)
    {
        var options = $"-p {Port} -c listen_addresses= -c unix_socket_directories={folder.FullName} -c fsync=off -c full_page_writes=off "
            + "-c shared_buffers=32MB";
        await RunAsync(folder, "pg_ctl", "-D", Data(folder), "-w", "-t", "60", "-l", Path.Combine(folder.FullName, "log"), "-o", options, "start");
    }

    private static string Data(DirectoryInfo folder) => Path.Combine(folder.FullName, "data");

    private static Task RunAsync(DirectoryInfo folder, string program, params string[] arguments)
    {
        var path = PostgresPrograms.Find(program);
        string[] line = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "env", "HOME=/tmp", path, .. arguments]
            : [path, .. arguments];
        return RunAsync(new ProcessStartInfo(line[0], line[1..]) { WorkingDirectory = folder.FullName });
    }

    private static async Task RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var told = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new PostgresStartException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {string.Concat(told)}");
        }
    }
}

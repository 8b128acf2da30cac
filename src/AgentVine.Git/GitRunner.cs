using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;

namespace AgentVine.Git;

/// <summary>
/// Runs the git program: without a shell, in an environment of its own making (<see cref="GitProfile"/>), with a deadline, and with bounds
/// on what it may say. Safe for any number of callers at once.
/// </summary>
public sealed partial class GitRunner(GitOptions options, TimeProvider timeProvider, ILogger<GitRunner> logger)
{
    // A helper that ssh or git left in the background may hold standard error open after git itself is gone.
    private static readonly TimeSpan ErrorsGrace = TimeSpan.FromSeconds(2);

    private readonly GitEnvironment _environment = new(options.Environment);
    private readonly Lazy<string?> _program = new(() => GitProgram.Find(options));

    /// <summary>The options that it was made with.</summary>
    public GitOptions Options { get; } = options;

    /// <summary>The oldest git that has all that is used here.</summary>
    public static Version OldestVersion { get; } = new(2, 34);

    internal TimeProvider Clock => timeProvider;

    /// <summary>What <c>git version</c> says, as in <c>2.39.5</c>.</summary>
    /// <exception cref="GitException">There is no git; the message says what to do.</exception>
    public async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        var output = await RunAsync(new GitCommand { Arguments = ["version"] }, cancellationToken);
        return output.Text.Replace("git version ", "", StringComparison.Ordinal).Trim();
    }

    /// <summary>Runs <paramref name="command"/> to its end. Cancelling kills it with all that it started before this returns.</summary>
    /// <exception cref="GitException">It could not start, ended with another exit code, ran out of time or said too much.</exception>
    public async Task<GitOutput> RunAsync(GitCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = timeProvider.GetTimestamp();
        var timeout = command.Timeout ?? Options.CommandTimeout;
        using var deadline = new CancellationTokenSource(timeout, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        using var process = Start(command);
        using var streams = new GitStreams(process, command, Options.OutputLimit, stop.Token);
        try
        {
            var enough = !await streams.Output.WaitAsync(stop.Token);
            if (enough)
            {
                await KillAsync(process);
            }

            await process.WaitForExitAsync(stop.Token);
            var errors = GitText.Clean(await streams.ErrorsAsync(ErrorsGrace, timeProvider), command.Secrets);
            LogEnded(command.Verb, process.ExitCode, (long)timeProvider.GetElapsedTime(started).TotalMilliseconds);
            return enough || command.ExitCodes.Contains(process.ExitCode)
                ? new GitOutput(enough ? -1 : process.ExitCode, streams.Text, errors)
                : throw Failed(command, process.ExitCode, errors);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw TimedOut(command, timeout);
        }
        finally
        {
            await KillAsync(process);
            await stop.CancelAsync();
            await streams.EndAsync();
        }
    }

    private Process Start(GitCommand command)
    {
        var program = _program.Value ?? throw new GitException(
            GitFailureKind.Other,
            $"The program '{Options.Program}' is not on the PATH: install git (Debian and Ubuntu: apt-get install git).");
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = command.WorkTree ?? command.Repository ?? Path.GetTempPath(),
        };
        foreach (var argument in command.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var (name, value) in _environment.For(command))
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Exception failure) when (failure is Win32Exception or IOException)
        {
            throw new GitException(GitFailureKind.Other, $"git {command.Verb} could not be started: {failure.Message}", failure)
            {
                Verb = command.Verb,
            };
        }
    }

    private static async Task KillAsync(Process process)
    {
        if (process.HasExited)
        {
            return;
        }

        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended in between, or a part of its tree did.
        }

        await process.WaitForExitAsync(CancellationToken.None);
    }

    private static GitException Failed(GitCommand command, int exitCode, string errors) =>
        new(GitFailureKind.Other, $"git {command.Verb} failed with exit code {exitCode}: {GitText.Gist(errors)}")
        {
            Verb = command.Verb,
            ExitCode = exitCode,
            Errors = errors,
        };

    private static GitException TimedOut(GitCommand command, TimeSpan timeout) =>
        new(GitFailureKind.Other, $"git {command.Verb} was stopped: it took longer than {timeout.TotalSeconds:0} seconds.")
        {
            Verb = command.Verb,
            TimedOut = true,
        };

    [LoggerMessage(Level = LogLevel.Debug, Message = "git {Verb} ended with exit code {ExitCode} after {Milliseconds} ms.")]
    private partial void LogEnded(string verb, int exitCode, long milliseconds);
}

using System.Diagnostics;
using System.Text;

namespace AgentVine.Git;

/// <summary>Feeds and drains the three streams of one git process.</summary>
internal sealed class GitStreams : IDisposable
{
    private const int ErrorsKept = 16 * 1024;

    private readonly MemoryStream _text = new();
    private readonly StringBuilder _errors = new();
    private readonly Task _input;
    private readonly Task _errorReader;

    public GitStreams(Process process, GitCommand command, int outputLimit, CancellationToken cancellationToken)
    {
        _errorReader = Task.Run(() => ReadErrorsAsync(process.StandardError), CancellationToken.None);
        _input = Task.Run(() => FeedAsync(process.StandardInput.BaseStream, command.Input, cancellationToken), CancellationToken.None);
        var output = process.StandardOutput.BaseStream;
        var read = command.Output ?? ((stream, stop) => CollectAsync(stream, command.Verb, outputLimit, stop));
        Output = Task.Run(() => read(output, cancellationToken), CancellationToken.None);
    }

    /// <summary>Ends at the end of git's output; false where the command's reader had enough before.</summary>
    public Task<bool> Output { get; }

    public string Text => Encoding.UTF8.GetString(_text.GetBuffer(), 0, (int)_text.Length);

    /// <summary>What git wrote to its standard error, up to now if that stays open beyond <paramref name="grace"/>.</summary>
    public async Task<string> ErrorsAsync(TimeSpan grace, TimeProvider timeProvider)
    {
        await _errorReader.WaitAsync(grace, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_errors)
        {
            return _errors.ToString();
        }
    }

    /// <summary>Called when the process is gone: nothing of the caller's is touched after it returns.</summary>
    public async Task EndAsync()
    {
        await _input.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((Task)Output).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _text.Dispose();

    private static async Task FeedAsync(Stream stream, Func<Stream, CancellationToken, Task>? write, CancellationToken cancellationToken)
    {
        try
        {
            await using (stream)
            {
                await (write?.Invoke(stream, cancellationToken) ?? Task.CompletedTask);
            }
        }
        catch (IOException)
        {
            // Git stopped reading: its exit code says why.
        }
    }

    private async Task<bool> CollectAsync(Stream stream, string verb, int limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[32 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (_text.Length + read > limit)
            {
                throw new GitException(GitFailureKind.Other, $"git {verb} was stopped: it said more than {limit} bytes.") { Verb = verb };
            }

            _text.Write(buffer, 0, read);
        }

        return true;
    }

    private async Task ReadErrorsAsync(StreamReader reader)
    {
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            lock (_errors)
            {
                _errors.Append(buffer, 0, read);
                _errors.Remove(0, Math.Max(0, _errors.Length - ErrorsKept));
            }
        }
    }
}

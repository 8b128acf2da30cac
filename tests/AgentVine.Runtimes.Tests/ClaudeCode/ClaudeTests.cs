using AgentVine.Contracts.Executions;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Conformance;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

/// <summary>A test that drives the real Claude Code against a model of its own.</summary>
public abstract class ClaudeTests : IAsyncLifetime
{
    protected ClaudeBench Bench { get; } = new();

    public ValueTask InitializeAsync() => Bench.InitializeAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Bench.DisposeAsync();
    }

    protected static ModelMessage Bash(string command) => Reply.Tool("Bash", new { command, description = "What the test asks for" });

    /// <summary>A command that does nothing for longer than any test, and can be told among the machine's processes.</summary>
    protected static string Forever => "python3 -c 'import time; time.sleep(86399)'";

    protected static async Task<AgentTurnEnded> EndsAsync(AgentTranscript seen)
    {
        var ended = await seen.NextAsync<AgentTurnEnded>();
        Assert.Null(ended.Failure);
        return ended;
    }

    protected static Task<AgentOutput> UsesAsync(AgentTranscript seen, string words) => seen.NextAsync<AgentOutput>(
        output => output.Kind == OutputKind.ToolUse && output.Text?.Contains(words, StringComparison.Ordinal) == true);

    /// <summary>Waits until a process of this execution has these words in its command line, or until none has.</summary>
    protected static Task RunsAsync(Guid executionId, string words, bool expected) => ExecutionProcesses.UntilAsync(
        () => ExecutionProcesses.Of(executionId).Any(pid => CommandLine(pid).Contains(words, StringComparison.Ordinal)) == expected,
        $"A process with '{words}' {(expected ? "did not start" : "is still there")}.");

    protected static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}

using System.Text.Json;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes.Command;
using AgentVine.Runtimes.Tests.Processes;
using AgentVine.Testing.Conformance;
using Xunit;

namespace AgentVine.Runtimes.Tests.Command;

public sealed class CommandRuntimeTests : IDisposable
{
    private readonly TestFolders _folders = new();

    [Fact]
    public async Task Instructions_ArriveOnStandardInput()
    {
        var (transcript, exited) = await RunAsync("cat", instructions: "Greet the world.\nTwice: ä\n");

        Assert.Null(exited.Failure);
        Assert.Equal(["Greet the world.", "Twice: ä"], Texts(transcript, OutputKind.Text));
    }

    [Fact]
    public async Task Run_EndsWell_WhenTheProgramReadsNoInstructions()
    {
        var (_, exited) = await RunAsync("exit 0", instructions: new string('x', 1_000_000));

        Assert.Null(exited.Failure);
    }

    [Fact]
    public async Task Output_IsTextAndStderr_EachWithItsRawLine()
    {
        var (transcript, _) = await RunAsync("echo out; echo err >&2");

        Assert.Equal(2, transcript.Outputs.Count());
        Assert.Contains(new AgentOutput(OutputKind.Text, "out", "out"), transcript.Outputs);
        Assert.Contains(new AgentOutput(OutputKind.Stderr, "err", "err"), transcript.Outputs);
    }

    [Fact]
    public async Task Summary_IsTheLastWords_Bounded()
    {
        var (transcript, _) = await RunAsync("seq 1 1000; echo; echo done; echo");

        var summary = transcript.Signals.OfType<AgentTurnEnded>().Single().Summary!;
        Assert.EndsWith("1000\ndone", summary);
        Assert.Equal(20, summary.Split('\n').Length);
    }

    [Theory]
    [InlineData("echo why >&2; exit 3", FailureKind.Transient, "exit code 3")]
    [InlineData("echo why >&2; exit 126", FailureKind.Permanent, "exit code 126")]
    [InlineData("echo why >&2; exit 127", FailureKind.Permanent, "exit code 127")]
    [InlineData("echo why >&2; kill -TERM $$", FailureKind.Transient, "signal 15")]
    public async Task ExitCode_DecidesTheFailure(string line, FailureKind kind, string named)
    {
        var (_, exited) = await RunAsync(line);

        Assert.Equal(kind, exited.Failure?.Kind);
        Assert.Contains(named, exited.Failure?.Message);
        Assert.Contains("why", exited.Failure?.Message);
        Assert.Contains("'chosen'", exited.Failure?.Message);
    }

    [Fact]
    public async Task Line_IsCutWithAMark_WhenItIsMegabytesLong()
    {
        var (transcript, exited) = await RunAsync("head -c 9000000 /dev/zero | tr '\\0' x; echo; echo after");

        Assert.Null(exited.Failure);
        var lines = Texts(transcript, OutputKind.Text);
        Assert.Equal(2, lines.Count);
        Assert.InRange(lines[0]!.Length, 1 << 20, (1 << 20) + 200);
        Assert.EndsWith("7951424 more were left out]", lines[0]);
        Assert.Equal("after", lines[1]);
    }

    [Fact]
    public async Task Environment_HasTheProgramsVariablesAndTheMcpServer()
    {
        var (transcript, _) = await RunAsync("env", mcp: new McpAccess(new Uri("http://127.0.0.1:8000/mcp"), "secret-token"));

        Assert.Superset(
            new HashSet<string?> { "COLOUR=blue", "VINE_MCP_URL=http://127.0.0.1:8000/mcp", "VINE_MCP_TOKEN=secret-token" },
            Texts(transcript, OutputKind.Text).ToHashSet());
    }

    [Fact]
    public async Task Clone_CannotBeChanged_WhenTheTaskMayChangeNothing()
    {
        var (_, exited) = await RunAsync("cat there && echo x > there", readOnly: true, sandboxed: true);

        Assert.Contains("Read-only", exited.Failure?.Message);
    }

    [Theory]
    [InlineData(null, "\"program\"")]
    [InlineData("""{"program": 5}""", "\"program\"")]
    [InlineData("""{"program": "rm"}""", "'rm'")]
    public async Task Launch_IsRefusedNamingThePrograms_WhenTheTaskChoosesNone(string? payload, string named)
    {
        var launch = await LaunchAsync("x", mcp: null, readOnly: false, sandboxed: false);
        var runtime = new CommandRuntime([Program("true"), new CommandProgram { Name = "lint", FileName = "true" }]);

        var exception = await Assert.ThrowsAsync<AgentLaunchException>(() => runtime.StartAsync(
            launch with { Payload = payload is null ? null : JsonDocument.Parse(payload).RootElement }, CancellationToken.None));

        Assert.Equal(FailureKind.Permanent, exception.Kind);
        Assert.Contains(named, exception.Message);
        Assert.Contains("chosen, lint", exception.Message);
    }

    public void Dispose() => _folders.Dispose();

    private static List<string?> Texts(AgentTranscript transcript, OutputKind kind) =>
        [.. transcript.Outputs.Where(output => output.Kind == kind).Select(output => output.Text)];

    private static CommandProgram Program(string line) => new()
    {
        Name = "chosen",
        FileName = "sh",
        Arguments = ["-c", line],
        Environment = new Dictionary<string, string> { ["COLOUR"] = "blue" },
    };

    private async Task<(AgentTranscript Transcript, AgentExited Exited)> RunAsync(
        string line, string instructions = "Go.", McpAccess? mcp = null, bool readOnly = false, bool sandboxed = false)
    {
        await File.WriteAllTextAsync(Path.Combine(_folders.Clone, "there"), "there");
        var launch = await LaunchAsync(instructions, mcp, readOnly, sandboxed);
        await using var run = await new CommandRuntime([Program(line)]).StartAsync(launch, CancellationToken.None);
        var transcript = new AgentTranscript(run);
        return (transcript, await transcript.ToEndAsync());
    }

    private async Task<AgentLaunch> LaunchAsync(string instructions, McpAccess? mcp, bool readOnly, bool sandboxed) => new()
    {
        ExecutionId = _folders.ExecutionId,
        SessionId = Guid.NewGuid(),
        WorkingDirectory = _folders.Clone,
        StateDirectory = _folders.State,
        Instructions = instructions,
        Payload = JsonSerializer.SerializeToElement(new { program = "chosen" }),
        Mcp = mcp,
        ReadOnly = readOnly,
        Processes = sandboxed ? await Launchers.OfAsync(AgentVine.Runtimes.Processes.SandboxKind.Bubblewrap) : Launchers.Plain,
    };
}

using System.Text.Json;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes.Processes;
using AgentVine.Runtimes.Rehearsal;
using AgentVine.Runtimes.Tests.Processes;
using AgentVine.Testing.Conformance;
using Xunit;

namespace AgentVine.Runtimes.Tests.Rehearsal;

public sealed class RehearsalRuntimeTests : IDisposable
{
    private readonly TestFolders _folders = new();
    private readonly RehearsalRuntime _runtime = new(TimeProvider.System);

    [Fact]
    public async Task Output_SaysThatItIsASimulation_First()
    {
        var (transcript, _) = await PlayAsync(playbook: null);

        Assert.Equal("rehearsal: a simulated agent", transcript.Outputs.First().Text);
    }

    [Fact]
    public async Task Playbook_WritesASmallFile_WhenTheTaskNamesNone()
    {
        var (_, ended) = await PlayAsync(playbook: null);

        Assert.Null(ended.Failure);
        Assert.Contains("simulated", await File.ReadAllTextAsync(Path.Combine(_folders.Clone, "rehearsal.md")));
    }

    [Fact]
    public async Task Write_MakesFoldersAndReplacesFiles()
    {
        await File.WriteAllTextAsync(Path.Combine(_folders.Clone, "old"), "old");

        var (_, ended) = await PlayAsync(
            """
            - write: { path: docs/guide/start.md, content: "hello\n" }
            - write:
                path: old
                content: new
            """);

        Assert.Null(ended.Failure);
        Assert.Equal("hello\n", await File.ReadAllTextAsync(Path.Combine(_folders.Clone, "docs/guide/start.md")));
        Assert.Equal("new", await File.ReadAllTextAsync(Path.Combine(_folders.Clone, "old")));
    }

    [Fact]
    public async Task Write_IsAFailure_WhenALinkLeadsOut()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_folders.Root, "outside")).FullName;
        File.CreateSymbolicLink(Path.Combine(_folders.Clone, "link"), outside);

        var (_, ended) = await PlayAsync("- write: { path: link/x, content: y }");

        Assert.Equal(FailureKind.Permanent, ended.Failure?.Kind);
        Assert.Contains("link", ended.Failure?.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
    }

    [Fact]
    public async Task Write_ReplacesALink_WhenTheFileItselfIsOne()
    {
        var outside = Path.Combine(_folders.Root, "outside");
        await File.WriteAllTextAsync(outside, "untouched");
        File.CreateSymbolicLink(Path.Combine(_folders.Clone, "x"), outside);

        var (_, ended) = await PlayAsync("- write: { path: x, content: y }");

        Assert.Null(ended.Failure);
        Assert.Equal("untouched", await File.ReadAllTextAsync(outside));
        Assert.Equal("y", await File.ReadAllTextAsync(Path.Combine(_folders.Clone, "x")));
    }

    [Fact]
    public async Task Write_IsAFailure_WhenTheTaskMayChangeNothing()
    {
        var (_, ended) = await PlayAsync("- write: { path: x, content: y }", readOnly: true);

        Assert.Equal(FailureKind.Permanent, ended.Failure?.Kind);
        Assert.False(File.Exists(Path.Combine(_folders.Clone, "x")));
    }

    [Fact]
    public async Task Run_IsRefusedAtLaunch_WithoutASandbox()
    {
        var exception = await Assert.ThrowsAsync<AgentLaunchException>(
            () => PlayAsync("- ask_permission: { tool: Bash, then: [ { run: 'echo x > ran' } ] }"));

        Assert.Equal(FailureKind.Permanent, exception.Kind);
        Assert.Contains("sandbox", exception.Message);
    }

    [Fact]
    public async Task Run_WorksInTheClone_AndFilesMixWithWrites()
    {
        var (transcript, ended) = await PlayAsync(
            """
            - write: { path: a.txt, content: from the host }
            - run: cat a.txt && echo from the sandbox > a.txt && mkdir sub && exit 3
            - write: { path: sub/b.txt, content: more }
            - run: cat a.txt sub/b.txt
            """,
            SandboxKind.Bubblewrap);

        Assert.Null(ended.Failure);
        Assert.True(transcript.Says("from the host"));
        Assert.True(transcript.Says("exit code 3"));
        Assert.True(transcript.Says("more"));
    }

    [Fact]
    public async Task Fail_EndsTheTurn_WithItsKindAndRetryTime()
    {
        var before = TimeProvider.System.GetUtcNow();

        var (transcript, ended) = await PlayAsync(
            """
            - fail: { kind: bad_result, message: red checks, retry_after_seconds: 60 }
            - say: never
            """);

        Assert.Equal(FailureKind.BadResult, ended.Failure?.Kind);
        Assert.Equal("red checks", ended.Failure?.Message);
        Assert.InRange(ended.Failure!.RetryAt!.Value, before.AddSeconds(60), TimeProvider.System.GetUtcNow().AddSeconds(60));
        Assert.False(transcript.Says("never"));
    }

    [Theory]
    [InlineData("- rate_limit", false)]
    [InlineData("- rate_limit:", false)]
    [InlineData("- rate_limit: { retry_after_seconds: 5 }", true)]
    public async Task RateLimit_IsAFailureOfThatKind(string playbook, bool hasTime)
    {
        var (_, ended) = await PlayAsync(playbook);

        Assert.Equal(FailureKind.RateLimit, ended.Failure?.Kind);
        Assert.Equal(hasTime, ended.Failure?.RetryAt is not null);
    }

    [Fact]
    public async Task Question_IsWithdrawn_WhenTheTurnIsInterrupted()
    {
        const string Playbook = "- ask: { question: Which?, header: Choice, multi_select: true }";
        await using var run = await StartAsync(Playbook, SandboxKind.None, readOnly: false);
        var transcript = new AgentTranscript(run);
        var asked = await transcript.NextAsync<AgentAsked>();
        Assert.Equal("Choice", asked.Title);
        Assert.True(asked.Questions![0].MultiSelect);

        await run.InterruptAsync(CancellationToken.None);

        Assert.Equal(asked.RequestId, (await transcript.NextAsync<AgentWithdrew>()).RequestId);
        Assert.True((await transcript.NextAsync<AgentTurnEnded>()).Interrupted);
        Assert.False(await run.AnswerAsync(asked.RequestId, new RequestAnswer { Text = "late" }, CancellationToken.None));
    }

    [Fact]
    public async Task Permission_IsAskedOnce_WhenItIsGivenForTheSession()
    {
        await using var run = await StartAsync(
            """
            - ask_permission: { tool: Bash, input: { command: one, count: 2, force: true } }
            - ask_permission: { tool: Bash, input: { command: two }, then: [ { say: went on } ] }
            """,
            SandboxKind.None,
            readOnly: false);
        var transcript = new AgentTranscript(run);
        var asked = await transcript.NextAsync<AgentAsked>();
        Assert.Equal("one", asked.Tool!.Summary);
        Assert.Equal("""{"command":"one","count":2,"force":true}""", asked.Tool.Input?.GetRawText());

        await run.AnswerAsync(
            asked.RequestId, new RequestAnswer { Decision = AnswerDecision.Allow, Scope = GrantScope.Session }, CancellationToken.None);

        Assert.Equal("went on", (await transcript.NextAsync<AgentTurnEnded>()).Summary);
        Assert.Single(transcript.Signals.OfType<AgentAsked>());
    }

    [Fact]
    public async Task Playbook_IsRefusedWithEveryFault_WhenItIsWrong()
    {
        var exception = await Assert.ThrowsAsync<AgentLaunchException>(() => PlayAsync(
            """
            - say: fine
            - wrte: { path: a, content: b }
            - write: { path: ../a, content: b }
            - write: { path: /etc/a, contents: b }
            - wait: soon
            - fail: { kind: terrible, message: x }
            - ask: { options: [a] }
            - ask_permission:
                tool: Bash
                then:
                  - shout: x
            """));

        Assert.Equal(FailureKind.Permanent, exception.Kind);
        int[] lines = [2, 3, 4, 5, 6, 7, 11];
        Assert.All(lines, line => Assert.Contains($"line {line}:", exception.Message));
        string[] named = ["'wrte'", "'../a'", "'/etc/a'", "'contents'", "'terrible'", "'shout'"];
        Assert.All(named, fault => Assert.Contains(fault, exception.Message));
        Assert.DoesNotContain("line 1:", exception.Message);
    }

    [Theory]
    [InlineData("- say: [", "not YAML")]
    [InlineData("just words", "list")]
    [InlineData("steps:\n  - &a say: x\n  - *a", "line 3")]
    [InlineData("plot: []", "'plot'")]
    public async Task Playbook_IsRefusedByName_WhenItIsNoList(string playbook, string named)
    {
        var exception = await Assert.ThrowsAsync<AgentLaunchException>(() => PlayAsync(playbook));

        Assert.Contains(named, exception.Message);
    }

    [Fact]
    public async Task Playbook_IsRefused_WhenItIsNestedWithoutEnd()
    {
        var exception = await Assert.ThrowsAsync<AgentLaunchException>(() => PlayAsync(new string('[', 100_000)));

        Assert.Contains("nested", exception.Message);
    }

    public void Dispose() => _folders.Dispose();

    private async Task<(AgentTranscript Transcript, AgentTurnEnded Ended)> PlayAsync(
        string? playbook, SandboxKind kind = SandboxKind.None, bool readOnly = false)
    {
        await using var run = await StartAsync(playbook, kind, readOnly);
        var transcript = new AgentTranscript(run);
        return (transcript, await transcript.NextAsync<AgentTurnEnded>());
    }

    private async Task<IAgentRun> StartAsync(string? playbook, SandboxKind kind, bool readOnly)
    {
        var launch = new AgentLaunch
        {
            ExecutionId = _folders.ExecutionId,
            SessionId = Guid.NewGuid(),
            WorkingDirectory = _folders.Clone,
            StateDirectory = _folders.State,
            Instructions = "Play your part.",
            Payload = playbook is null ? null : JsonSerializer.SerializeToElement(new { playbook }),
            ReadOnly = readOnly,
            Processes = await Launchers.OfAsync(kind),
        };
        return await _runtime.StartAsync(launch, CancellationToken.None);
    }
}

using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>
/// What every runtime owes its worker. A runtime binds by a subclass without a body:
/// <c>public sealed class XRuntimeTests(XFixture fixture) : AgentRuntimeConformance(fixture), IClassFixture&lt;XFixture&gt;;</c>
/// </summary>
public abstract partial class AgentRuntimeConformance(IAgentRuntimeFixture fixture) : IDisposable
{
    private const string Canary = "VINE_TEST_CANARY";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vine-agent-");

    [Fact]
    public async Task TheLastSignalIsExited()
    {
        await using var run = await StartAsync(AgentScenario.SaysLines);
        var transcript = new AgentTranscript(run);
        await transcript.NextAsync<AgentTurnEnded>();
        await run.CloseAsync(CancellationToken.None);

        var exited = await transcript.ToEndAsync();

        Assert.Null(exited.Failure);
        Assert.Single(transcript.Signals.OfType<AgentExited>());
    }

    [Fact]
    public async Task OutputKeepsItsOrder()
    {
        await using var run = await StartAsync(AgentScenario.SaysLines);
        var transcript = new AgentTranscript(run);
        var ended = await transcript.NextAsync<AgentTurnEnded>();

        var said = transcript.Outputs.Where(output => output.Kind == OutputKind.Text).Select(output => output.Text).ToList();
        var places = AgentWords.Lines.Select(line => said.FindIndex(text => Holds(text, line))).ToList();

        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.Null(ended.Failure);
        Assert.False(ended.Interrupted);
        Assert.Contains(AgentWords.Lines[^1], ended.Summary);
    }

    [Fact]
    public async Task AFailingAgentTellsWhy()
    {
        await using var run = await StartAsync(AgentScenario.Fails);
        var transcript = new AgentTranscript(run);
        var end = await transcript.NextAsync<AgentSignal>(signal => signal is AgentTurnEnded or AgentExited);

        var failure = end is AgentTurnEnded ended ? ended.Failure : ((AgentExited)end).Failure;

        Assert.NotNull(failure);
        Assert.Contains(AgentWords.Cause, failure.Message);
    }

    [Fact]
    public async Task AnEndingInsideATurnIsAFailure()
    {
        await using var run = await StartAsync(AgentScenario.EndsInsideATurn);
        var transcript = new AgentTranscript(run);

        var exited = await transcript.ToEndAsync();

        Assert.NotNull(exited.Failure);
        Assert.NotEqual(FailureKind.Cancelled, exited.Failure.Kind);
        Assert.Contains(AgentWords.Cause, exited.Failure.Message);
        Assert.DoesNotContain(transcript.Signals, signal => signal is AgentTurnEnded { Failure: null });
    }

    [Fact]
    public async Task AVeryLongLineArrives()
    {
        await using var run = await StartAsync(AgentScenario.SaysALongLine);
        var transcript = new AgentTranscript(run);
        await transcript.NextAsync<AgentTurnEnded>();

        Assert.True(transcript.Says(AgentWords.LongLine), "The line did not arrive whole.");
    }

    [Fact]
    public async Task CloseEndsTheProgramAfterItsTurn()
    {
        await using var run = await StartAsync(AgentScenario.SaysLines);
        var transcript = new AgentTranscript(run);
        await run.CloseAsync(CancellationToken.None);

        var exited = await transcript.ToEndAsync();

        Assert.Null(exited.Failure);
        var ended = Assert.Single(transcript.Signals.OfType<AgentTurnEnded>());
        Assert.Null(ended.Failure);
        Assert.True(transcript.Says(AgentWords.Lines[^1]), "The turn was cut short.");
    }

    [Fact]
    public async Task KillLeavesNoProcessBehind()
    {
        var launch = await LaunchAsync(AgentScenario.LeavesADetachedChild);
        await using var run = await StartAsync(launch);
        await DetachedAsync(launch);
        var transcript = new AgentTranscript(run);
        var end = transcript.ToEndAsync();

        await run.KillAsync(CancellationToken.None);

        Assert.Empty(ExecutionProcesses.Of(launch.ExecutionId));
        Assert.NotNull((await end).Failure);
    }

    [Fact]
    public async Task DisposingKillsTheTree()
    {
        var launch = await LaunchAsync(AgentScenario.LeavesADetachedChild);
        var run = await StartAsync(launch);
        await DetachedAsync(launch);

        await run.DisposeAsync();

        Assert.Empty(ExecutionProcesses.Of(launch.ExecutionId));
    }

    [Fact]
    public async Task TheEnvironmentIsClean()
    {
        Environment.SetEnvironmentVariable(Canary, "seen");
        await using var run = await StartAsync(AgentScenario.PrintsItsEnvironment);
        var transcript = new AgentTranscript(run);
        await transcript.NextAsync<AgentTurnEnded>();

        Assert.True(transcript.Says("VINE_EXECUTION="), "The environment was not printed.");
        Assert.False(transcript.Says(Canary), "A variable of the worker reached the agent.");
    }

    [Fact]
    public async Task AnAnswerReachesTheAgent()
    {
        SkipUnless(fixture.Runtime.Capabilities.Questions, "questions");
        await using var run = await StartAsync(AgentScenario.AsksAQuestion);
        var transcript = new AgentTranscript(run);
        var asked = await transcript.NextAsync<AgentAsked>();

        Assert.Equal(RequestKind.Question, asked.Kind);
        var question = Assert.Single(asked.Questions!);
        Assert.Equal(AgentWords.Question, question.Question);
        Assert.Equal([AgentWords.Red, AgentWords.Blue], question.Options.Select(option => option.Label));
        var answer = new RequestAnswer { Answers = new Dictionary<string, string> { [AgentWords.Question] = AgentWords.Blue } };
        Assert.True(await run.AnswerAsync(asked.RequestId, answer, CancellationToken.None));

        Assert.Null((await transcript.NextAsync<AgentTurnEnded>()).Failure);
        Assert.Contains(TextsAfter(transcript, asked), text => Holds(text, AgentWords.Blue));
        Assert.False(await run.AnswerAsync(asked.RequestId, answer, CancellationToken.None), "The same request was answered twice.");
    }

    [Fact]
    public async Task APermissionDeniedIsToldToTheAgent()
    {
        SkipUnless(fixture.Runtime.Capabilities.Permissions, "permissions");
        const string Reason = "not before the audit of room 12";
        var (transcript, asked) = await DecideAsync(new RequestAnswer { Decision = AnswerDecision.Deny, Reason = Reason });

        Assert.Contains(TextsAfter(transcript, asked), text => Holds(text, Reason));
        Assert.DoesNotContain(TextsAfter(transcript, asked), text => Holds(text, AgentWords.Allowed));
    }

    [Fact]
    public async Task APermissionAllowedLetsTheAgentGoOn()
    {
        SkipUnless(fixture.Runtime.Capabilities.Permissions, "permissions");
        var (transcript, asked) = await DecideAsync(new RequestAnswer { Decision = AnswerDecision.Allow });

        Assert.Contains(TextsAfter(transcript, asked), text => Holds(text, AgentWords.Allowed));
    }

    [Fact]
    public async Task AMessageDuringARunIsAUserTurn()
    {
        SkipUnless(fixture.Runtime.Capabilities.Messages, "messages");
        await using var run = await StartAsync(AgentScenario.WaitsForMessages);
        var transcript = new AgentTranscript(run);
        await transcript.NextAsync<AgentTurnEnded>();

        await AssertTakesAMessageAsync(run, transcript);
    }

    [Fact]
    public async Task AnInterruptedAgentTakesTheNextMessage()
    {
        SkipUnless(fixture.Runtime.Capabilities.Interrupt && fixture.Runtime.Capabilities.Messages, "interrupts and messages");
        await using var run = await StartAsync(AgentScenario.WorksUntilInterrupted);
        var transcript = new AgentTranscript(run);
        await transcript.NextSaidAsync(AgentWords.Ready);
        await run.InterruptAsync(CancellationToken.None);

        Assert.True((await transcript.NextAsync<AgentTurnEnded>()).Interrupted);
        await AssertTakesAMessageAsync(run, transcript);
    }

    [Fact]
    public async Task AnAnswerThatNobodyWaitsForIsRefused()
    {
        await using var run = await StartAsync(AgentScenario.SaysLines);

        Assert.False(await run.AnswerAsync(Guid.NewGuid(), new RequestAnswer { Text = "yes" }, CancellationToken.None));
    }

    [Fact]
    public async Task AnAgentThatHasExitedTakesNothing()
    {
        await using var run = await StartAsync(AgentScenario.SaysLines);
        await run.CloseAsync(CancellationToken.None);
        await new AgentTranscript(run).ToEndAsync();

        Assert.False(await run.SendMessageAsync("Still there?", CancellationToken.None));
        Assert.False(await run.AnswerAsync(Guid.NewGuid(), new RequestAnswer { Text = "yes" }, CancellationToken.None));
        await run.InterruptAsync(CancellationToken.None);
        await run.CloseAsync(CancellationToken.None);
        await run.KillAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private static void SkipUnless(bool capable, string what) => Assert.SkipUnless(capable, $"This runtime's agents take no {what}.");

    private static bool Holds(string? text, string words) => text?.Contains(words, StringComparison.Ordinal) == true;

    private static IEnumerable<string?> TextsAfter(AgentTranscript transcript, AgentAsked asked) =>
        transcript.Signals.SkipWhile(signal => signal != asked).OfType<AgentOutput>().Select(output => output.Text);

    private static async Task AssertTakesAMessageAsync(IAgentRun run, AgentTranscript transcript)
    {
        const string Message = "please mind the gap at platform 9";
        Assert.True(await run.SendMessageAsync(Message, CancellationToken.None));

        await transcript.NextAsync<AgentOutput>(output => output.Kind == OutputKind.Text && Holds(output.Text, Message));
        Assert.Null((await transcript.NextAsync<AgentTurnEnded>()).Failure);
    }

    private static async Task DetachedAsync(AgentLaunch launch)
    {
        var sign = Path.Combine(launch.WorkingDirectory, "detached");
        await ExecutionProcesses.UntilAsync(() => File.Exists(sign), $"The detached child did not write '{sign}'.");
        Assert.True(ExecutionProcesses.Of(launch.ExecutionId).Count >= 2, "The agent and its detached child are not both seen.");
    }

    private async Task<(AgentTranscript Transcript, AgentAsked Asked)> DecideAsync(RequestAnswer answer)
    {
        await using var run = await StartAsync(AgentScenario.AsksForPermission);
        var transcript = new AgentTranscript(run);
        var asked = await transcript.NextAsync<AgentAsked>();
        Assert.Equal(RequestKind.Permission, asked.Kind);
        Assert.NotEmpty(asked.Tool!.Name);
        Assert.Contains(AgentWords.AskedCommand, asked.Tool.Input?.GetRawText());
        Assert.True(await run.AnswerAsync(asked.RequestId, answer, CancellationToken.None));
        Assert.Null((await transcript.NextAsync<AgentTurnEnded>()).Failure);
        return (transcript, asked);
    }

    private async Task<IAgentRun> StartAsync(AgentScenario scenario) => await StartAsync(await LaunchAsync(scenario));

    private Task<IAgentRun> StartAsync(AgentLaunch launch) => fixture.Runtime.StartAsync(launch, CancellationToken.None);

    private Task<AgentLaunch> LaunchAsync(AgentScenario scenario)
    {
        Assert.SkipUnless(fixture.Plays(scenario), $"This runtime or its launcher does not play {scenario}.");
        return fixture.LaunchAsync(scenario, _folder.CreateSubdirectory("clone").FullName, _folder.CreateSubdirectory("state").FullName);
    }
}

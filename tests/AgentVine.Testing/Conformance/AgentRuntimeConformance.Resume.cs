using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Executions;
using AgentVine.Runtimes;
using AgentVine.Runtimes.Transcripts;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>This part has sessions go on where their state directory is not.</summary>
public abstract partial class AgentRuntimeConformance
{
    [Fact]
    public void ARuntimeThatResumesKeepsTranscripts() =>
        Assert.Equal(fixture.Runtime.Capabilities.Resume, fixture.Runtime.Transcripts is not null);

    [Fact]
    public async Task ASessionGoesOnInAnotherStateDirectory()
    {
        SkipUnless(fixture.Runtime.Capabilities.Resume, "resume");
        const string Words = "what was platform 9 about?";
        var launch = await LaunchAsync(AgentScenario.WaitsForMessages);
        await using (var run = await StartAsync(launch))
        {
            var before = new AgentTranscript(run);
            await before.NextAsync<AgentTurnEnded>();
            await run.CloseAsync(CancellationToken.None);
            await before.ToEndAsync();
        }

        await using var later = await StartAsync(await MoveAsync(launch) with { Instructions = Words });
        var transcript = new AgentTranscript(later);
        Assert.Null((await transcript.NextAsync<AgentTurnEnded>()).Failure);

        Assert.Equal(launch.SessionId.ToString(), Assert.Single(transcript.Signals.OfType<AgentSessionStarted>()).SessionId);
        Assert.Contains(transcript.Outputs, output => output.Kind == OutputKind.Text && Holds(output.Text, Words));
        Assert.DoesNotContain(transcript.Outputs, output => Holds(output.Text, AgentWords.Ready));
    }

    [Fact]
    public async Task ASessionThatWasKilledWhileItAskedGoesOnElsewhere()
    {
        SkipUnless(fixture.Runtime.Capabilities is { Resume: true, Permissions: true }, "resume with permissions");
        var launch = await LaunchAsync(AgentScenario.AsksForPermission);
        AgentLaunch moved;
        await using (var run = await StartAsync(launch))
        {
            await new AgentTranscript(run).NextAsync<AgentAsked>();
            moved = await MoveAsync(launch);
            await run.KillAsync(CancellationToken.None);
        }

        await using var later = await StartAsync(moved with { Instructions = "You were stopped while you asked. Go on." });
        var next = await new AgentTranscript(later).NextAsync<AgentSignal>(signal => signal is AgentTurnEnded or AgentAsked);

        Assert.True(next is AgentAsked { Kind: RequestKind.Permission } or AgentTurnEnded { Failure: null }, $"It went on with {next}.");
    }

    [Fact]
    public async Task ATranscriptIsNothing_BeforeThereIsASession()
    {
        SkipUnless(fixture.Runtime.Capabilities.Resume, "resume");
        using var copy = new MemoryStream();
        var place = new TranscriptPlace(_folder.FullName, _folder.FullName, Guid.NewGuid().ToString());

        Assert.Equal(0, await fixture.Runtime.Transcripts!.CopyAsync(place, copy, CancellationToken.None));
        await Assert.ThrowsAsync<TranscriptException>(
            () => fixture.Runtime.Transcripts.CopyAsync(place with { SessionId = "../../secret" }, copy, CancellationToken.None));
    }

    /// <summary>The session in a fresh state directory, as another worker host has it.</summary>
    private async Task<AgentLaunch> MoveAsync(AgentLaunch launch)
    {
        var moved = launch with
        {
            ExecutionId = Guid.NewGuid(),
            WorkingDirectory = _folder.CreateSubdirectory("elsewhere/clone").FullName,
            StateDirectory = _folder.CreateSubdirectory("elsewhere/state").FullName,
            Resume = true,
        };
        var transcripts = fixture.Runtime.Transcripts!;
        using var copy = new MemoryStream();
        var length = 0L;
        await ExecutionProcesses.UntilAsync(
            async () => (length = await transcripts.CopyAsync(PlaceOf(launch), copy, CancellationToken.None)) > 0,
            "The session has no transcript.");
        Assert.Equal(copy.Length, length);
        Assert.Equal((byte)'\n', copy.ToArray()[^1]);
        copy.Position = 0;
        await transcripts.PlaceAsync(PlaceOf(moved), copy, CancellationToken.None);
        return moved;
    }

    private static TranscriptPlace PlaceOf(AgentLaunch launch) => new(launch.StateDirectory, launch.WorkingDirectory, launch.SessionId.ToString());
}

using AgentVine.Runtimes.ClaudeCode;
using AgentVine.Runtimes.Transcripts;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Conformance;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

/// <summary>How far the real program's transcript is at the moments when checkpoints are taken.</summary>
public sealed class TranscriptTests : ClaudeTests
{
    private const string Word = "Rumpelstiltskin";

    private readonly DirectoryInfo _elsewhere = Directory.CreateTempSubdirectory("vine-elsewhere-");

    private IAgentTranscripts Transcripts => new ClaudeCodeRuntime(Bench.Options, TimeProvider.System, NullLogger.Instance).Transcripts!;

    [Fact]
    public async Task Transcript_HasTheWholeTurn_WhenItsEndIsTold()
    {
        var launch = Launch(ModelScript.Named("turn").Then(Reply.Finish($"The word is {Word}.")));
        var (_, seen) = await Bench.StartAsync(launch);
        await EndsAsync(seen);

        var remembered = await GoOnAsync(launch, await CopyAsync(launch));

        Assert.Contains(remembered.AssistantTexts, text => text.Contains(Word, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Transcript_HasTheToolsResult_WhenItsEndIsTold()
    {
        Bench.Options = Bench.Options with { AllowedTools = ["Bash"] };
        var gate = new Gate();
        var launch = Launch(ModelScript.Named("tool").Then(Bash($"echo {Word} | tee written.txt")).Then(Reply.Say("And now.").Hold(gate)));
        var (run, seen) = await Bench.StartAsync(launch);
        Assert.Equal("Bash", (await seen.NextAsync<AgentWrote>()).Tool);
        var copy = await CopyAsync(launch, "\"tool_result\"");
        await run.KillAsync(CancellationToken.None);

        var remembered = await GoOnAsync(launch, copy);

        Assert.Contains(remembered.ToolResults, result => result.Contains(Word, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Transcript_GoesOn_WhenCutInTheMiddleOfATool()
    {
        Bench.Options = Bench.Options with { AllowedTools = ["Bash"] };
        var launch = Launch(ModelScript.Named("middle").Then(Reply.Say($"The word is {Word}.").Tool("Bash", new { command = Forever, description = "x" })));
        var (run, seen) = await Bench.StartAsync(launch);
        await UsesAsync(seen, "python3");
        await RunsAsync(launch.ExecutionId, "86399", expected: true);
        var copy = await CopyAsync(launch, "\"tool_use\"");
        foreach (var pid in ExecutionProcesses.Of(launch.ExecutionId))
        {
            VineKill(pid);
        }

        await seen.ToEndAsync();
        var killed = await CopyAsync(launch);

        foreach (var transcript in (byte[][])[copy, killed])
        {
            var remembered = await GoOnAsync(launch, transcript);
            Assert.Contains(remembered.AssistantTexts, text => text.Contains(Word, StringComparison.Ordinal));
        }

        await run.DisposeAsync();
    }

    [Fact]
    public async Task Transcript_GoesOn_WhenCutWhileAPermissionIsPending()
    {
        var launch = Launch(ModelScript.Named("pending").Then(Reply.Say($"The word is {Word}.").Tool("Bash", new { command = "echo x > y", description = "x" })));
        var (run, seen) = await Bench.StartAsync(launch);
        await seen.NextAsync<AgentAsked>();
        var copy = await CopyAsync(launch, "\"tool_use\"");
        await run.KillAsync(CancellationToken.None);

        foreach (var transcript in (byte[][])[copy, await CopyAsync(launch)])
        {
            var remembered = await GoOnAsync(launch, transcript);
            Assert.Contains(remembered.AssistantTexts, text => text.Contains(Word, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Transcript_GoesOn_WhenItsLastLineIsTorn()
    {
        var launch = Launch(ModelScript.Named("torn").Then(Reply.Finish($"The word is {Word}.")));
        var (run, seen) = await Bench.StartAsync(launch);
        await EndsAsync(seen);
        await run.CloseAsync(CancellationToken.None);
        await seen.ToEndAsync();
        var file = Directory.EnumerateFiles(Bench.State, $"{launch.SessionId}.jsonl", SearchOption.AllDirectories).Single();
        var whole = await File.ReadAllBytesAsync(file);
        await File.AppendAllTextAsync(file, """{"type":"assistant","mess""");

        Assert.Equal(whole, await CopyAsync(launch));
    }

    [Fact]
    public async Task Session_IsUnknown_WhenItsTranscriptHasNothingInIt()
    {
        var launch = Launch(ModelScript.Named("nothing").Then(Reply.Finish("Never.")));
        var (_, seen) = await Bench.StartAsync(launch with { Resume = true });

        Assert.True((await seen.ToEndAsync()).SessionUnknown);
        Assert.Empty(Bench.Model.Calls.All);
    }

    [Fact]
    public async Task Context_IsToldWithEachTurn()
    {
        var launch = Launch(ModelScript.Named("context").Then(Reply.Say("One.").Using(new ModelUsage(20_000, 10, CacheRead: 30, CacheWrite: 40)))) with { Model = "haiku" };
        var (_, seen) = await Bench.StartAsync(launch);

        var ended = await EndsAsync(seen);

        Assert.InRange(ended.ContextTokens!.Value, 20_070, 20_080);
        Assert.InRange(ended.ContextWindow!.Value, 100_000, 10_000_000);
    }

    [Fact]
    public async Task Reading_IsNoWriting()
    {
        await File.WriteAllTextAsync(Path.Join(Bench.Clone, "read.txt"), "x");
        Bench.Options = Bench.Options with { AllowedTools = ["Write"] };
        var launch = Launch(ModelScript.Named("reading")
            .Then(Reply.Tool("Read", new { file_path = Path.Join(Bench.Clone, "read.txt") }))
            .Then(Reply.Tool("Write", new { file_path = Path.Join(Bench.Clone, "new.txt"), content = "y" }))
            .Then(Reply.Finish("Done.")));
        var (_, seen) = await Bench.StartAsync(launch);

        await EndsAsync(seen);

        Assert.Equal("Write", Assert.Single(seen.Signals.OfType<AgentWrote>()).Tool);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("folder")]
    [InlineData("pipe")]
    public async Task Transcript_IsRefused_WhenTheAgentPutSomethingElseThere(string what)
    {
        var launch = Launch(ModelScript.Named("never"));
        var secret = Path.Join(_elsewhere.FullName, $"{launch.SessionId}.jsonl");
        await File.WriteAllTextAsync(secret, "secret\n");
        var projects = Directory.CreateDirectory(Path.Join(Bench.State, ".claude", "projects")).FullName;
        var folder = Path.Join(projects, string.Concat(Bench.Clone.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')));
        if (what == "folder")
        {
            Directory.CreateSymbolicLink(folder, _elsewhere.FullName);
        }
        else
        {
            Directory.CreateDirectory(folder);
            var file = Path.Join(folder, $"{launch.SessionId}.jsonl");
            await (what == "file" ? Task.FromResult(File.CreateSymbolicLink(file, secret).Name) : Testing.Fleet.PlainProgram.RunAsync("mkfifo", file));
        }

        await Assert.ThrowsAsync<TranscriptException>(() => CopyAsync(launch));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _elsewhere.Delete(recursive: true);
    }

    private static void VineKill(int pid)
    {
        try
        {
            global::System.Diagnostics.Process.GetProcessById(pid).Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return;
        }
    }

    private AgentLaunch Launch(ModelScript script)
    {
        Bench.Model.Add(script);
        return Bench.Launch($"Please do [[{script.Name}]].");
    }

    // The program writes what it has told a little later: IAgentTranscripts.Lag.
    private async Task<byte[]> CopyAsync(AgentLaunch launch, string words)
    {
        var copy = Array.Empty<byte>();
        await ExecutionProcesses.UntilAsync(
            async () => global::System.Text.Encoding.UTF8.GetString(copy = await CopyAsync(launch)).Contains(words, StringComparison.Ordinal),
            $"The transcript does not come to have {words}.");
        return copy;
    }

    private async Task<byte[]> CopyAsync(AgentLaunch launch)
    {
        using var copy = new MemoryStream();
        await Transcripts.CopyAsync(new TranscriptPlace(launch.StateDirectory, launch.WorkingDirectory, launch.SessionId.ToString()), copy, CancellationToken.None);
        return copy.ToArray();
    }

    /// <summary>Resumes it elsewhere; returns the first thing that its model was asked.</summary>
    private async Task<ScriptContext> GoOnAsync(AgentLaunch launch, byte[] transcript)
    {
        var resumed = $"resumed-{Guid.NewGuid():N}";
        ScriptContext? asked = null;
        Bench.Model.Add(ModelScript.Named(resumed).ThenAlways(it =>
        {
            asked ??= it;
            return Reply.Finish("I go on.");
        }));
        var folder = _elsewhere.CreateSubdirectory(Guid.NewGuid().ToString("N"));
        var moved = launch with
        {
            ExecutionId = Guid.NewGuid(),
            WorkingDirectory = folder.CreateSubdirectory("clone").FullName,
            StateDirectory = folder.CreateSubdirectory("state").FullName,
            Instructions = $"You were cut. Please do [[{resumed}]].",
            Resume = true,
        };
        await Transcripts.PlaceAsync(
            new TranscriptPlace(moved.StateDirectory, moved.WorkingDirectory, moved.SessionId.ToString()), new MemoryStream(transcript), CancellationToken.None);
        var (run, seen) = await Bench.StartAsync(moved);
        Assert.Equal("I go on.", (await EndsAsync(seen)).Summary);
        await run.CloseAsync(CancellationToken.None);
        return asked!;
    }
}

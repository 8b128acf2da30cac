using System.Text.Json;
using AgentVine.Runtimes.ClaudeCode;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

/// <summary>What the real program does not show at will: older versions of it, and orders of events that take a race.</summary>
public sealed class ClaudeTurnsTests
{
    private const string Idle = """{"type":"system","subtype":"session_state_changed","state":"idle"}""";
    private const string Running = """{"type":"system","subtype":"session_state_changed","state":"running"}""";
    private const string NoTasks = """{"type":"system","subtype":"background_tasks_changed","tasks":[]}""";
    private const string OneTask = """{"type":"system","subtype":"background_tasks_changed","tasks":[{"task_id":"t1"}]}""";

    [Fact]
    public void Turn_EndsAtTheResult_WhenTheProgramTellsNoStates()
    {
        var turns = new ClaudeTurns(resumed: false);
        turns.Sent("u1");

        var ended = Read(turns, Result("u1", total: 0.5m));

        Assert.Equal("Done.", ended!.Summary);
        Assert.Equal(0.5m, ended.CostUsd);
        Assert.Equal(7, ended.Tokens.Input);
        turns.Sent("u2");
        Assert.Equal(0.25m, Read(turns, Result("u2", total: 0.75m))!.CostUsd);
    }

    [Fact]
    public void FirstTurn_CostsNothingKnown_WhenAnOlderProgramResumes()
    {
        var turns = new ClaudeTurns(resumed: true);
        turns.Sent("u1");
        Assert.Equal(0, Read(turns, Result("u1", total: 5))!.CostUsd);
        turns.Sent("u2");
        Assert.Equal(1, Read(turns, Result("u2", total: 6))!.CostUsd);
    }

    [Fact]
    public void Turn_GoesOn_WhenAMessageWasSentJustBeforeIdle()
    {
        var turns = new ClaudeTurns(resumed: false);
        turns.Sent("u1");
        Assert.Null(Read(turns, Running));
        Assert.Null(Read(turns, Result("u1")));
        turns.Sent("u2");

        Assert.Null(Read(turns, Idle));

        Assert.Null(Read(turns, Result("u2")));
        Assert.NotNull(Read(turns, Idle));
        Assert.Null(Read(turns, Idle));
    }

    [Fact]
    public void Turn_WaitsForTheNextIdle_WhenTheBackgroundWorkEnds()
    {
        var turns = new ClaudeTurns(resumed: false);
        turns.Sent("u1");
        Read(turns, Running);
        Read(turns, OneTask);
        Read(turns, Result("u1"));
        Assert.Null(Read(turns, Idle));
        Assert.True(turns.WaitsForBackground);

        Assert.Null(Read(turns, NoTasks));

        Assert.Null(Read(turns, Running));
        Assert.False(turns.WaitsForBackground);
        Read(turns, Result("none"));
        Assert.NotNull(Read(turns, Idle));
    }

    private static AgentTurnEnded? Read(ClaudeTurns turns, string line) => turns.Read(JsonDocument.Parse(line).RootElement);

    private static string Result(string uuid, decimal total = 0) => JsonSerializer.Serialize(new
    {
        type = "result",
        subtype = "success",
        is_error = false,
        result = "Done.",
        total_cost_usd = total,
        usage = new { input_tokens = 7, output_tokens = 1 },
        user_message_uuids = new[] { uuid },
    });
}

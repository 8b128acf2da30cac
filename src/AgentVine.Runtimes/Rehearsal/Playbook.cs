using System.Text.Json;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes.Rehearsal;

/// <summary>What a rehearsed agent does in its first turn.</summary>
internal sealed record Playbook(IReadOnlyList<RehearsalStep> Steps)
{
    public static Playbook Default { get; } = new(
    [
        new RehearsalStep.Say("I am looking around."),
        new RehearsalStep.Write("rehearsal.md", "# Rehearsal\n\nA simulated agent was here.\n"),
        new RehearsalStep.Say("I wrote rehearsal.md. Done."),
    ]);

    /// <summary>Whether it runs commands, inside permissions too.</summary>
    public bool RunsCommands => Steps.Any(RunsCommand);

    /// <summary>The playbook in a task's payload, or the default one.</summary>
    /// <exception cref="AgentLaunchException">It is no playbook; the message names every fault and its line.</exception>
    public static Playbook Of(JsonElement? payload)
    {
        if (payload is not { ValueKind: JsonValueKind.Object } members || !members.TryGetProperty("playbook", out var playbook))
        {
            return Default;
        }

        // JSON is YAML: a playbook that is an object, not text, is read the same way.
        var reader = new PlaybookReader();
        var read = reader.Read(playbook.ValueKind == JsonValueKind.String ? playbook.GetString()! : playbook.GetRawText());
        return reader.Faults.Count == 0
            ? read
            : throw new AgentLaunchException(
                FailureKind.Permanent,
                $"The task's playbook cannot be played:\n{string.Join('\n', reader.Faults)}\nCorrect these lines and file the task again.");
    }

    private static bool RunsCommand(RehearsalStep step) =>
        step is RehearsalStep.Run || (step is RehearsalStep.AskPermission permission && permission.Then.Any(RunsCommand));
}

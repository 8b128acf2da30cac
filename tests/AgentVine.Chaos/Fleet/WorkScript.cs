using AgentVine.ScriptedModel;

namespace AgentVine.Chaos.Fleet;

/// <summary>
/// What the simulated model says to a real agent program. Like a real one it goes by what it sees in the conversation: a step whose result
/// is not there, because its attempt was cut, is done again.
/// </summary>
internal static class WorkScript
{
    private const int MostSteps = 20;

    public static ModelScript Of(string tag, WorkShape shape) => ModelScript.Named(tag).ThenAlways(seen => Next(seen, tag, shape));

    private static ModelReply Next(ScriptContext seen, string tag, WorkShape shape)
    {
        var question = $"Which word for {tag}?";
        bool Did(string what) => seen.ToolResults.Any(result => result.Contains($"did {what} of {tag}", StringComparison.Ordinal));
        bool Heard() => seen.ToolResults.Concat(seen.UserTexts)
            .Any(text => text.Contains(question, StringComparison.Ordinal) && text.Contains("word-", StringComparison.Ordinal));
        return true switch
        {
            _ when seen.Step >= MostSteps => Reply.Finish($"gave up {tag}"),
            _ when !Did("one") => Bash(tag, "one", $"mkdir -p {tag} && printf 'one of {tag}\\n' > {tag}/one.txt"),
            _ when shape is WorkShape.Asks or WorkShape.WantsPermission && !Heard() => Ask(question),
            _ when shape == WorkShape.Commits && !Did("commit") => Bash(
                tag,
                "commit",
                $"printf 'committed of {tag}\\n' > {tag}/committed.txt && git add -A && (git commit -q -m 'Commit of {tag}' || true) && python3 -c 'import time; time.sleep(3)'"),
            _ when shape == WorkShape.Runs && !Did("run") => Bash(tag, "run", "python3 -c 'import time; time.sleep(3)'"),
            _ when !Did("two") => Bash(tag, "two", $"printf 'two of {tag}\\n' > {tag}/two.txt"),
            _ => Reply.Finish($"done {tag}"),
        };
    }

    private static ModelMessage Bash(string tag, string what, string command) =>
        Reply.Tool("Bash", new { command = $"{command} && echo 'did {what} of {tag}'", description = "Work of the suite" });

    private static ModelMessage Ask(string question) => Reply.Tool("AskUserQuestion", new
    {
        questions = new[]
        {
            new
            {
                question,
                header = "Word",
                multiSelect = false,
                options = new[] { new { label = "red", description = "One word" }, new { label = "blue", description = "Another word" } },
            },
        },
    });
}

using AgentVine.ScriptedModel;

namespace AgentVine.Host.Demo;

/// <summary>What the scripted model says in the demo. The tools that it calls are the real ones, run by the real Claude Code.</summary>
internal static class DemoScripts
{
    public const string Greet = "demo-greet";
    public const string Readme = "demo-readme";

    public static IReadOnlyList<ModelScript> All { get; } =
    [
        ModelScript.Named(Greet)
            .Then(Reply.Say("I will look at the script and its test first.").Tool("Bash", new { command = "cat greet.sh test.sh", description = "Read both files" }))
            .Then(Reply.Say("greet.sh ignores its argument. I mend that, and run the test.").Tool("Bash", new
            {
                command = "printf '#!/bin/sh\\necho \"Hello, ${1:-world}!\"\\n' > greet.sh && sh test.sh && git commit --quiet --all --message='Greet people by name'",
                description = "Mend greet.sh, run the test, commit",
            }))
            .Then(context => Reply.Finish(context.LastToolResult.Contains("ok", StringComparison.Ordinal)
                ? "greet.sh greets the name that it is given, and the world when there is none. test.sh passes."
                : $"I was not allowed to change greet.sh, so it is as it was. What I was told: {context.LastToolResult}")),
        ModelScript.Named(Readme)
            .Then(Reply.Tool("AskUserQuestion", new
            {
                questions = new[]
                {
                    new
                    {
                        question = "Which language should the README be in?",
                        header = "Language",
                        multiSelect = false,
                        options = new[]
                        {
                            new { label = "English", description = "For everybody" },
                            new { label = "Deutsch", description = "Für die Leute hier" },
                        },
                    },
                },
            }))
            .Then(context => Reply.Say("Then I write it.").Tool("Write", new
            {
                file_path = "README.md",
                content = context.LastToolResult.Contains("Deutsch", StringComparison.Ordinal)
                    ? "# greet\n\n`sh greet.sh` grüßt die Welt.\n"
                    : "# greet\n\n`sh greet.sh` greets the world.\n",
            }))
            .Then(Reply.Finish("The README says what greet.sh does.")),
    ];
}

using AgentVine.Contracts.Tasks;

namespace AgentVine.Host.Demo;

/// <summary>What the demo asks for.</summary>
internal static class DemoTasks
{
    public static IReadOnlyList<DemoTask> All { get; } =
    [
        new(
            "Greet people by name",
            "greet.sh should greet the name that it is given. Its test, test.sh, fails until it does.",
            TaskType.Bugfix,
            DemoScripts.Greet,
            """
            - say: I will look at the script and its test first.
            - ask_permission:
                tool: Bash
                input: { command: "sh test.sh", description: "Run the test" }
            - write:
                path: greet.sh
                content: |
                  #!/bin/sh
                  echo "Hello, ${1:-world}!"
            - say: greet.sh greets the name that it is given, and the world when there is none.
            """),
        new(
            "Write a README",
            "Say in a README.md what greet.sh does. Ask which language it should be in.",
            TaskType.Docs,
            DemoScripts.Readme,
            """
            - ask:
                question: Which language should the README be in?
                header: Language
                options: [English, Deutsch]
            - write:
                path: README.md
                content: |
                  # greet

                  `sh greet.sh` greets the world.
            - say: The README says what greet.sh does.
            """),
    ];
}

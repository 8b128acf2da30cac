using System.Text;

namespace AgentVine.Chaos.Fleet;

/// <summary>A task that the suite filed, and the files that its branch must add, each with its content.</summary>
internal sealed record Work(string Id, string Tag, WorkShape Shape, bool IsReal, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>The files of a task of this shape.</summary>
    public static IReadOnlyDictionary<string, string> FilesOf(string tag, WorkShape shape, bool runs)
    {
        var files = new Dictionary<string, string> { [$"{tag}/one.txt"] = $"one of {tag}\n", [$"{tag}/two.txt"] = $"two of {tag}\n" };
        if (runs && shape == WorkShape.Commits)
        {
            files[$"{tag}/committed.txt"] = $"committed of {tag}\n";
        }

        return files;
    }

    /// <summary>What a rehearsing agent plays; every step can be played again without another outcome.</summary>
    public static string Playbook(string tag, WorkShape shape, bool runs)
    {
        var steps = new StringBuilder()
            .AppendLine($"- say: begin {tag}")
            .AppendLine($"- write: {{ path: {tag}/one.txt, content: \"one of {tag}\\n\" }}");
        steps.AppendLine(shape switch
        {
            WorkShape.Asks => $"- ask: {{ question: Which word for {tag}?, options: [red, blue] }}",
            WorkShape.WantsPermission => $"- ask_permission: {{ tool: Bash, input: {{ command: make {tag} }}, then: [ say: allowed {tag} ] }}",
            WorkShape.Commits when runs => $"- run: \"printf 'committed of {tag}\\\\n' > {tag}/committed.txt && git add -A && git commit -q -m 'Commit of {tag}'; sleep 4\"",
            WorkShape.Runs when runs => "- run: sleep 4",
            WorkShape.Commits => "- wait: 4",
            WorkShape.Long => "- wait: 14",
            _ => "- wait: 0.5",
        });
        return steps
            .AppendLine($"- write: {{ path: {tag}/two.txt, content: \"two of {tag}\\n\" }}")
            .AppendLine($"- say: done {tag}")
            .ToString();
    }
}

using AgentVine.ScriptedModel;

namespace AgentVine.Testing.Fleet;

/// <summary>Tool calls that scripted models make, as real ones do.</summary>
public static class AgentReply
{
    public static ModelMessage Bash(string command) => Reply.Tool("Bash", new { command, description = "What the test asks for" });

    public static ModelMessage Ask(string question, params IEnumerable<string> labels) => Reply.Tool("AskUserQuestion", new
    {
        questions = new[]
        {
            new { question, header = "Choice", multiSelect = false, options = labels.Select(label => new { label, description = $"About {label}" }) },
        },
    });

    /// <summary>Asks through the <c>vine</c> MCP server.</summary>
    public static ModelMessage AskHuman(string question, params IEnumerable<string> options) =>
        Reply.Tool("mcp__vine__ask_human", new { question, options });

    public static ModelMessage Progress(string message, int percent) => Reply.Tool("mcp__vine__report_progress", new { message, percent });

    /// <summary>Writes a file and commits it.</summary>
    public static ModelMessage Commit(string file, string content) =>
        Bash($"echo '{content}' > {file} && git add --all && git commit --quiet --message='Add {file}'");
}

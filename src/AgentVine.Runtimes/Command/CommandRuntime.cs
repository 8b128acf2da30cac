using System.Text.Json;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes.Processes;
using AgentVine.Runtimes.Transcripts;

namespace AgentVine.Runtimes.Command;

/// <summary>
/// Runs a configured program as the agent: the instructions on its standard input, its lines as what the agent says, its exit code as
/// the outcome. <c>VINE_MCP_URL</c> and <c>VINE_MCP_TOKEN</c> name the <c>vine</c> MCP server where there is one.
/// </summary>
public sealed class CommandRuntime(IReadOnlyList<CommandProgram> programs) : IAgentRuntime
{
    /// <inheritdoc/>
    public string Name => "command";

    /// <inheritdoc/>
    public RuntimeCapabilities Capabilities { get; } = new(Questions: false, Permissions: false, Messages: false, Interrupt: false, Resume: false);

    /// <inheritdoc/>
    public IAgentTranscripts? Transcripts => null;

    /// <inheritdoc/>
    public async Task<IAgentRun> StartAsync(AgentLaunch launch, CancellationToken cancellationToken)
    {
        var program = Chosen(launch.Payload);
        var spec = ProcessSpec.For(launch, program.FileName, program.Arguments);
        spec = spec with { Environment = Variables(program, launch.Mcp), ReadOnly = [.. spec.ReadOnly, .. program.ReadOnly] };
        return new CommandRun(program.Name, launch, await launch.Processes.StartAsync(spec, cancellationToken));
    }

    private static Dictionary<string, string> Variables(CommandProgram program, McpAccess? mcp)
    {
        var variables = new Dictionary<string, string>(program.Environment);
        if (mcp is not null)
        {
            variables["VINE_MCP_URL"] = mcp.Url.ToString();
            variables["VINE_MCP_TOKEN"] = mcp.Token;
        }

        return variables;
    }

    private CommandProgram Chosen(JsonElement? payload)
    {
        var name = payload is { ValueKind: JsonValueKind.Object } members
            && members.TryGetProperty("program", out var member)
            && member.ValueKind == JsonValueKind.String
                ? member.GetString()
                : null;
        if (name is null)
        {
            throw Refused("The runtime 'command' needs a payload that names its program, as in {\"program\": \"name\"}.");
        }

        return programs.FirstOrDefault(program => program.Name == name) ?? throw Refused($"This worker knows no program '{name}'.");
    }

    private AgentLaunchException Refused(string what) => new(
        FailureKind.Permanent,
        programs.Count == 0
            ? $"{what} None are configured on this worker: add one to its programs, or send the task to a worker that has it."
            : $"{what} It knows: {string.Join(", ", programs.Select(program => program.Name))}.");
}

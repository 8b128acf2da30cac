using AgentVine.Cli.Commands.Doctor;
using AgentVine.Cli.Settings;
using AgentVine.Runtimes;
using AgentVine.Runtimes.ClaudeCode;

namespace AgentVine.Host.Doctor;

internal sealed class ClaudeCheck(VineSettings settings) : IDoctorCheck
{
    public string Name => "Claude Code";

    public async Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var program = await ClaudeCodeProbe.FindAsync(settings.Text("claude_path"), TimeProvider.System, cancellationToken);
            return program.Version == ClaudeCodeProbe.TestedVersion
                ? new DoctorResult(DoctorOutcome.Ok, $"{program.Version} at {program.Path}")
                : new DoctorResult(
                    DoctorOutcome.Warning,
                    $"{program.Version} at {program.Path}; this AgentVine is tested with {ClaudeCodeProbe.TestedVersion}, and the protocol between them has no version of its own",
                    $"npm install -g @anthropic-ai/claude-code@{ClaudeCodeProbe.TestedVersion}");
        }
        catch (AgentLaunchException missing)
        {
            return new DoctorResult(DoctorOutcome.Failed, missing.Message);
        }
    }
}

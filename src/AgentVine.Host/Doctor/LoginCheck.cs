using AgentVine.Cli.Commands.Doctor;
using AgentVine.Cli.Settings;

namespace AgentVine.Host.Doctor;

internal sealed class LoginCheck(VineSettings settings) : IDoctorCheck
{
    private static readonly string[] Variables = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"];

    public string Name => "model account";

    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        var found = Variables.Where(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))).ToList();
        return Task.FromResult(found.Count > 0
            ? new DoctorResult(DoctorOutcome.Ok, $"{string.Join(" and ", found)} is set; it is given to agents of workers started here")
            : new DoctorResult(
                settings.Text("runtime") is null or "claude-code" ? DoctorOutcome.Warning : DoctorOutcome.Ok,
                "no model account: agents on Claude Code would end with \"Not logged in\"",
                $"set ANTHROPIC_API_KEY, or CLAUDE_CODE_OAUTH_TOKEN from claude setup-token, where the worker is started"));
    }
}

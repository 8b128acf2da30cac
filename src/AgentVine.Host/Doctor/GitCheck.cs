using AgentVine.Cli.Commands.Doctor;
using AgentVine.Git;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentVine.Host.Doctor;

internal sealed class GitCheck : IDoctorCheck
{
    private static readonly Version Oldest = new(2, 34);

    public string Name => "git";

    public async Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var version = await new GitRunner(new GitOptions(), TimeProvider.System, NullLogger<GitRunner>.Instance).VersionAsync(cancellationToken);
            return Version.TryParse(string.Join('.', version.Split('.', ' ').Take(2)), out var number) && number < Oldest
                ? new DoctorResult(DoctorOutcome.Failed, $"git {version} is older than {Oldest}", "install a newer git")
                : new DoctorResult(DoctorOutcome.Ok, $"git {version}");
        }
        catch (GitException missing)
        {
            return new DoctorResult(DoctorOutcome.Failed, missing.Message, "apt-get install git, or the like of this system");
        }
    }
}

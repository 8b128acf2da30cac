using AgentVine.Cli.Commands.Doctor;
using AgentVine.Cli.Settings;
using AgentVine.Client;

namespace AgentVine.Host.Doctor;

internal sealed class DataFolderCheck(VineSettings settings) : IDoctorCheck
{
    public string Name => "data folder";

    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        var folder = settings.Local.DataFolder;
        if (!Directory.Exists(folder))
        {
            return Task.FromResult(new DoctorResult(DoctorOutcome.Ok, $"{folder} is made at the first start"));
        }

        var key = new FileInfo(Path.Join(folder, LocalServer.KeyFileName));
        if (key.Exists && !OperatingSystem.IsWindows() && (key.UnixFileMode & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
        {
            return Task.FromResult(new DoctorResult(DoctorOutcome.Failed, $"{key.FullName} can be read by others", $"chmod 600 {key.FullName}"));
        }

        return Task.FromResult(new DoctorResult(DoctorOutcome.Ok, folder));
    }
}

using AgentVine.Cli.Commands.Doctor;
using AgentVine.Cli.Settings;

namespace AgentVine.Host.Doctor;

internal sealed class DiskCheck(VineSettings settings) : IDoctorCheck
{
    private const long Gigabyte = 1L << 30;

    public string Name => "disk";

    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        var folder = settings.Local.DataFolder;
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            folder = parent;
        }

        var free = new DriveInfo(folder).AvailableFreeSpace;
        var detail = $"{free / (double)Gigabyte:0.0} GB free for {settings.Local.DataFolder}";
        return Task.FromResult(free switch
        {
            < Gigabyte / 2 => new DoctorResult(DoctorOutcome.Failed, detail, "free some space: a full disk stops the fleet"),
            < 5 * Gigabyte => new DoctorResult(DoctorOutcome.Warning, detail, "mirrors, clones and logs grow: free some space"),
            _ => new DoctorResult(DoctorOutcome.Ok, detail),
        });
    }
}

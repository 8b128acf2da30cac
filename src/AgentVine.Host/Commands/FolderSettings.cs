using AgentVine.Cli;
using AgentVine.Cli.Settings;

namespace AgentVine.Host.Commands;

/// <summary>
/// What a <c>vine.yaml</c> of the working directory may not decide for programs that run agents or serve: that folder may be a
/// stranger's clone.
/// </summary>
internal static class FolderSettings
{
    private static readonly string[] OwnersAlone = ["sandbox", "network", "worker_file", "claude_path", "auth", "url", "api_key", "data", "gateway.record", "gateway.replay"];

    /// <exception cref="CommandException">The folder's file sets one of them; the message says where it belongs.</exception>
    public static void Check(VineSettings settings)
    {
        foreach (var name in OwnersAlone)
        {
            if (settings.Find(name) is { Origin: SettingOrigin.WorkingDirectory } setting)
            {
                throw new CommandException(
                    ExitCode.Usage,
                    $"{setting.Source} sets {name}, which a folder may not decide for you; put it into {Path.Join(settings.Local.DataFolder, "vine.yaml")}, or give it as a flag or VINE_{name.ToUpperInvariant().Replace(".", "__", StringComparison.Ordinal)}");
            }
        }
    }
}

namespace AgentVine.Cli.Settings;

/// <summary>Which server to talk to and with which key, and where each was found.</summary>
/// <param name="Server">The address.</param>
/// <param name="Key">The key, if there is one.</param>
/// <param name="KeySource">Where it was found or looked for, for people.</param>
public sealed record ServerAccess(Uri Server, string? Key, string KeySource)
{
    /// <summary>
    /// The server and key that the settings name, else this machine's server and its <c>run.key</c>. That key goes to this machine
    /// only, and a key of the environment goes to no server that a folder's <c>vine.yaml</c> chose: the folder may be a stranger's.
    /// </summary>
    public static ServerAccess From(VineSettings settings)
    {
        var setting = settings.Find("server");
        var server = setting is null ? settings.Local.Url : Parse(setting);
        var key = settings.Find("api_key");
        if (key is not null)
        {
            if (setting is { Origin: SettingOrigin.WorkingDirectory } && key.Origin != SettingOrigin.WorkingDirectory && !server.IsLoopback)
            {
                throw new CommandException(
                    ExitCode.Usage,
                    $"{setting.Source} names the server {server}, and the key of {key.Source} is not sent to a server that a folder chose; say --server {server} if you mean it");
            }

            return new ServerAccess(server, key.Value.Trim(), key.Source);
        }

        return server.IsLoopback
            ? new ServerAccess(server, settings.Local.ReadKey(), settings.Local.KeyFile)
            : new ServerAccess(server, null, "--key and VINE_API_KEY");
    }

    private static Uri Parse(Setting setting) =>
        Uri.TryCreate(setting.Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw setting.Wrong("an http or https URL, as in http://127.0.0.1:8000");
}

using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes.Processes;

/// <summary>What a sandbox shows of the host's files: its programs, the few settings they need, and what the spec names.</summary>
internal static class SandboxView
{
    // What programs read to resolve names, verify certificates, find libraries and know the time; nothing that holds accounts.
    private static readonly string[] Settings =
    [
        "resolv.conf", "hosts", "host.conf", "gai.conf", "nsswitch.conf", "services", "protocols",
        "ssl", "pki", "ca-certificates", "ca-certificates.conf", "crypto-policies",
        "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives",
        "localtime", "timezone", "os-release", "mime.types", "fonts", "terminfo", "dotnet", "maven",
    ];

    private static readonly string[] RootFolders = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];

    /// <summary>Folders below the root that are links into <c>/usr</c> on this host: name and target.</summary>
    public static IEnumerable<(string Name, string Target)> Links() =>
        from name in RootFolders
        let target = new FileInfo("/" + name).LinkTarget
        where target is not null
        select ("/" + name, target);

    /// <summary>All of it, what lies deeper after what it lies in.</summary>
    public static IReadOnlyList<SandboxBind> Of(ProcessSpec spec, LauncherOptions options, SandboxUser user)
    {
        var java = Directory.EnumerateDirectories("/etc", "java-*").Select(path => Path.GetFileName(path));
        var writable = spec.Writable.Append(spec.StateDirectory).ToList();
        var binds = Programs()
            .Concat(Settings.Concat(java).Select(name => "/etc/" + name).Where(Path.Exists).Select(path => Shown(path, path)))
            .Append(new SandboxBind(user.PasswdFile, "/etc/passwd", Writable: false, Private: true))
            .Append(new SandboxBind(user.GroupFile, "/etc/group", Writable: false, Private: true))
            .Concat(options.ReadOnly.Select(path => Named(path, writable: false)))
            .Concat(spec.ReadOnly.Select(path => Named(path, writable: false)))
            .Concat(writable.Where(path => Container(path, writable) is null).Select(path => Named(path, writable: true)));
        foreach (var path in spec.ReadOnly)
        {
            RequireNoLinks(path, Container(path, writable));
        }

        return [.. binds.OrderBy(bind => bind.Target.Count(letter => letter == '/'))];
    }

    /// <summary>Whether a program of the host is there inside too.</summary>
    public static bool Shows(string program, IEnumerable<SandboxBind> binds) =>
        Links().Any(link => SpecFolders.IsWithin(program, link.Name)) || binds.Any(bind => SpecFolders.IsWithin(program, bind.Target));

    private static IEnumerable<SandboxBind> Programs() =>
        RootFolders.Select(name => "/" + name)
            .Where(path => new FileInfo(path).LinkTarget is null && Directory.Exists(path))
            .Prepend("/usr")
            .Select(path => Shown(path, path));

    private static string? Container(string path, IEnumerable<string> folders) =>
        folders.FirstOrDefault(folder => folder != path && SpecFolders.IsWithin(path, folder));

    // An earlier agent could have put a link where the worker wants to protect a folder, and so be shown what it points at.
    private static void RequireNoLinks(string path, string? container)
    {
        for (var at = path; container is not null && at is not null && at != container; at = Path.GetDirectoryName(at))
        {
            if (new FileInfo(at).LinkTarget is not null)
            {
                throw new AgentLaunchException(
                    FailureKind.Permanent,
                    $"The sandbox is to show '{path}', but '{at}' is a link inside a folder of the agent. Start from a new clone.");
            }
        }
    }

    private static SandboxBind Named(string path, bool writable) =>
        Path.IsPathFullyQualified(path) && Path.Exists(path)
            ? new SandboxBind(path, Path.TrimEndingDirectorySeparator(path), writable, Private: true)
            : throw new AgentLaunchException(
                FailureKind.Transient,
                $"The sandbox is to show '{path}', which is not an existing folder or file with a full path. "
                + "Make it, or take it out of the worker's configuration.");

    // A link is followed here: what it points at need not exist where the sandbox is set up.
    private static SandboxBind Shown(string path, string target) =>
        new(new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path, target, Writable: false, Private: false);
}

using System.Globalization;

namespace AgentVine.Runtimes.Processes;

/// <summary>
/// The command line of a sandbox. The agent's own variables travel in the process environment, where other users cannot read them as
/// they can an argument list; that environment holds nothing of the host's, so <c>--clearenv</c> has nothing to clear.
/// </summary>
internal sealed record BubblewrapCommandLine(SandboxTools Tools, LauncherOptions Options, SandboxUser User, bool DisableUserNamespaces)
{
    private const string Passage = "/host";
    private const int MostOpenFiles = 16_384;

    /// <summary>The program to start is <see cref="SandboxTools.ResourceLimits"/>, with these arguments.</summary>
    public IReadOnlyList<string> Arguments(IReadOnlyList<SandboxBind> binds, ProcessSpec spec, string program, IEnumerable<KeyValuePair<string, string>> late)
    {
        var agent = new[] { "--", program }.Concat(spec.Arguments);
        return User.IsOwn
            ? [.. Limits(), .. Outer(binds), .. Privileges(), .. Inner([.. binds.Select(Passed)], spec, late), .. agent]
            : [.. Limits(), .. Inner(binds, spec, late), .. agent];
    }

    private IEnumerable<string> Limits()
    {
        yield return "--core=0";
        yield return Text($"--nofile={Math.Min(MostOpenFiles, HardOpenFiles())}:");
        if (User.IsOwn)
        {
            // For a user that other programs run as, theirs would count too.
            yield return Text($"--nproc={Options.MaxProcesses}");
        }
    }

    // The attempt's user cannot pass the closed folders above its own. Root binds what it may see to a place that it can reach, then
    // steps down to it; the sandbox proper is that user's.
    private IEnumerable<string> Outer(IReadOnlyList<SandboxBind> binds)
    {
        yield return Tools.Bubblewrap;
        IEnumerable<string> fix =
        [
            "--die-with-parent", "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP",
            "--bind", "/proc", "/proc", "--dev-bind", "/dev", "/dev", "--dir", "/tmp", "--dir", Passage, "--chdir", "/",
        ];
        foreach (var argument in fix.Concat(System()).Concat(binds.SelectMany((bind, place) => Bind(bind with { Target = Place(place) }))))
        {
            yield return argument;
        }

        yield return "--";
    }

    private IEnumerable<string> Privileges() =>
    [
        Tools.Privileges!, "--reuid", Text($"{User.Id}"), "--regid", Text($"{User.Id}"), "--clear-groups", "--no-new-privs", "--inh-caps=-all",
        "--bounding-set=-all", "--pdeathsig", "KILL",
    ];

    private IEnumerable<string> Inner(IReadOnlyList<SandboxBind> binds, ProcessSpec spec, IEnumerable<KeyValuePair<string, string>> late) =>
    [
        Tools.Bubblewrap, "--unshare-user", .. DisableUserNamespaces ? ["--disable-userns"] : Array.Empty<string>(), "--unshare-pid", "--unshare-ipc",
        "--unshare-uts", "--unshare-cgroup-try", "--cap-drop", "ALL", "--die-with-parent", "--new-session",
        .. SandboxView.Links().SelectMany(link => new[] { "--symlink", link.Target, link.Name }),
        "--proc", "/proc", "--dev", "/dev", "--size", Text($"{Options.TemporarySpace}"), "--tmpfs", "/dev/shm", "--remount-ro", "/dev",
        "--size", Text($"{Options.TemporarySpace}"), "--tmpfs", "/tmp", "--dir", "/var", "--symlink", "/tmp", "/var/tmp",
        .. binds.SelectMany(Bind), "--remount-ro", "/",
        .. late.SelectMany(variable => new[] { "--setenv", variable.Key, variable.Value }), "--chdir", spec.WorkingDirectory,
    ];

    private static IEnumerable<string> System() =>
        SandboxView.Links().SelectMany(link => new[] { "--symlink", link.Target, link.Name }).Concat(SandboxView.Programs().SelectMany(Bind));

    private static IEnumerable<string> Bind(SandboxBind bind) => [bind.Writable ? "--bind" : "--ro-bind", bind.Source, bind.Target];

    private static SandboxBind Passed(SandboxBind bind, int place) => bind with { Source = Place(place) };

    private static string Place(int place) => Text($"{Passage}/{place}");

    private static long HardOpenFiles()
    {
        var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var hard = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2];
        return long.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : long.MaxValue;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

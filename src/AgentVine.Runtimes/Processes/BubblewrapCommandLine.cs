using System.Globalization;

namespace AgentVine.Runtimes.Processes;

/// <summary>
/// The command line of a sandbox. The agent's own variables travel in the process environment, where other users cannot read them as
/// they can an argument list; that environment holds nothing of the host's, so <c>--clearenv</c> has nothing to clear.
/// </summary>
internal sealed record BubblewrapCommandLine(SandboxTools Tools, LauncherOptions Options, SandboxUser User, bool DisableUserNamespaces)
{
    // Binds the folders given to numbered places on a file system that only this process and its children see, then becomes the rest.
    private const string PassageScript = """
        set -e
        passage=$1
        count=$2
        shift 2
        mount -t tmpfs -o size=1m,mode=755 vine "$passage"
        place=0
        while [ $place -lt $count ]; do
          if [ -d "$1" ]; then mkdir "$passage/$place"; else : > "$passage/$place"; fi
          mount --rbind -- "$1" "$passage/$place"
          place=$((place + 1))
          shift
        done
        exec "$@"
        """;

    private const int MostOpenFiles = 16_384;

    /// <summary>The program to start is <see cref="SandboxTools.ResourceLimits"/>, with these arguments.</summary>
    public IReadOnlyList<string> Arguments(
        IReadOnlyList<SandboxBind> binds, ProcessSpec spec, string program, IEnumerable<KeyValuePair<string, string>> late)
    {
        var agent = new[] { "--", program }.Concat(spec.Arguments);
        if (!User.IsOwn)
        {
            return [.. Limits(), .. Sandbox(binds, spec, late), .. agent];
        }

        // Root walks no path that leads through a folder of the agent: what lies in one is found by the agent's user.
        var passed = binds.Where(bind => bind.Private && !binds.Any(other => Holds(other, bind))).ToList();
        var reachable = binds.Select(bind => bind.Private ? bind with { Source = Place(bind, passed) } : bind);
        return [.. Limits(), .. Passage(passed), .. Privileges(), .. Sandbox(reachable, spec, late), .. agent];
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

    // The attempt's user cannot pass the closed folders above its own: root binds them to where it can, then steps down to it for good.
    // All this is one process, the parent of which is this program: a death signal needs a parent that may kill the child.
    private IEnumerable<string> Passage(List<SandboxBind> binds) =>
    [
        Tools.Namespaces!, "--mount", "--", "/bin/sh", "-c", PassageScript, "passage", Options.PassageFolder, Text($"{binds.Count}"),
        .. binds.Select(bind => bind.Source),
    ];

    private IEnumerable<string> Privileges() =>
    [
        Tools.Privileges!, "--reuid", Text($"{User.Id}"), "--regid", Text($"{User.Id}"), "--clear-groups", "--no-new-privs",
        "--inh-caps=-all", "--bounding-set=-all", "--pdeathsig", "KILL",
    ];

    private IEnumerable<string> Sandbox(IEnumerable<SandboxBind> binds, ProcessSpec spec, IEnumerable<KeyValuePair<string, string>> late) =>
    [
        Tools.Bubblewrap, "--unshare-user", .. DisableUserNamespaces ? ["--disable-userns"] : Array.Empty<string>(),
        "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", .. spec.CutNetwork ? ["--unshare-net"] : Array.Empty<string>(),
        "--cap-drop", "ALL", "--die-with-parent", "--new-session",
        .. SandboxView.Links().SelectMany(link => new[] { "--symlink", link.Target, link.Name }),
        "--proc", "/proc", "--dev", "/dev", "--size", Text($"{Options.TemporarySpace}"), "--tmpfs", "/dev/shm", "--remount-ro", "/dev",
        "--size", Text($"{Options.TemporarySpace}"), "--tmpfs", "/tmp", "--dir", "/var", "--symlink", "/tmp", "/var/tmp",
        .. binds.SelectMany(Bind), "--remount-ro", "/",
        .. late.SelectMany(variable => new[] { "--setenv", variable.Key, variable.Value }), "--chdir", spec.WorkingDirectory,
    ];

    private string Place(SandboxBind bind, List<SandboxBind> passed)
    {
        var place = passed.FindIndex(other => other == bind || Holds(other, bind));
        var within = passed[place] == bind ? "" : Path.GetRelativePath(passed[place].Source, bind.Source);
        return Path.Combine(Options.PassageFolder, Text($"{place}"), within);
    }

    private static bool Holds(SandboxBind folder, SandboxBind bind) =>
        folder != bind && folder.Writable && SpecFolders.IsWithin(bind.Source, folder.Source);

    private static IEnumerable<string> Bind(SandboxBind bind) => [bind.Writable ? "--bind" : "--ro-bind", bind.Source, bind.Target];

    private static long HardOpenFiles()
    {
        var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var hard = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2];
        return long.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : long.MaxValue;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

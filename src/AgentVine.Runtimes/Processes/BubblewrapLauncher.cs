using System.Runtime.Versioning;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes.Processes;

/// <summary>
/// Starts processes in a sandbox of bubblewrap (Linux): their own user id where this program is root, their own processes, and of the
/// host's files its programs, what the spec names at its own path, and nothing else. The network is the host's unless the
/// spec cuts it. Killing the sandbox
/// kills all that is in it, and it dies with this program.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class BubblewrapLauncher : IProcessLauncher
{
    // These steer the programs that set the sandbox up, too, and those may be root's: they are set only inside.
    private static readonly string[] SteeringVariables =
        ["PATH", "LD_", "GLIBC_TUNABLES", "GCONV_PATH", "LOCPATH", "BASH_", "SHELLOPTS", "IFS", "LIBMOUNT_"];

    private readonly LauncherOptions _options;
    private readonly SandboxTools _tools;
    private readonly SandboxUsers _users;
    private readonly bool _disableUserNamespaces;

    internal BubblewrapLauncher(LauncherOptions options, SandboxTools tools, bool disableUserNamespaces)
    {
        _options = options;
        _tools = tools;
        _users = new SandboxUsers(options, tools);
        _disableUserNamespaces = disableUserNamespaces;
    }

    /// <inheritdoc/>
    public string Sandbox => "bubblewrap";

    /// <inheritdoc/>
    public bool CutsNetwork => true;

    /// <inheritdoc/>
    public async Task<IAgentProcess> StartAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SpecFolders.Require(spec);
        var user = await _users.TakeAsync(spec);
        var returned = 0;
        Task ReturnOnceAsync() => Interlocked.Exchange(ref returned, 1) == 0 ? _users.ReturnAsync(spec, user) : Task.CompletedTask;
        try
        {
            return await StartAsync(spec, user, ReturnOnceAsync);
        }
        catch
        {
            await ReturnOnceAsync();
            throw;
        }
    }

    private async Task<IAgentProcess> StartAsync(ProcessSpec spec, SandboxUser user, Func<Task> ended)
    {
        var start = new ProcessStart(_options, spec, sandboxed: true);
        var environment = AgentEnvironment.For(spec, start.Mark, AgentEnvironment.SystemPath, "/tmp");
        var binds = SandboxView.Of(spec, _options, user);
        var program = ProgramPath.Require(spec.FileName, environment["PATH"]);
        RequireShown(program, binds, $"The program '{program}'", "Add its folder to what the sandbox shows read-only");
        RequireShown(spec.WorkingDirectory, binds, $"The working directory '{spec.WorkingDirectory}'", "Name it among the spec's folders");
        RequireReadable(spec.ReadOnly.Concat(_options.ReadOnly), user);

        var late = environment.Where(variable => IsSteering(variable.Key)).ToList();
        late.ForEach(variable => environment.Remove(variable.Key));
        environment["PATH"] = AgentEnvironment.SystemPath;
        var commandLine = new BubblewrapCommandLine(_tools, _options, user, _disableUserNamespaces);

        // The death signal is set by what sets up the sandbox: when this program dies before that, the watch sees it.
        await DeathWatch.Shared.AddAsync(start.Mark);
        return await start.RunAsync(
            _tools.ResourceLimits,
            commandLine.Arguments(binds, spec, program, late),
            environment,
            async () =>
            {
                await DeathWatch.Shared.RemoveAsync(start.Mark);
                await ended();
            });
    }

    private static bool IsSteering(string name) => SteeringVariables.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private static void RequireShown(string path, IReadOnlyList<SandboxBind> binds, string what, string cure)
    {
        if (!SandboxView.Shows(path, binds))
        {
            throw new AgentLaunchException(
                FailureKind.Permanent, $"{what} is not visible inside the sandbox. {cure}, or start the worker with --sandbox none.");
        }
    }

    private static void RequireReadable(IEnumerable<string> paths, SandboxUser user)
    {
        const UnixFileMode Open = UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        foreach (var path in paths.Where(path => user.IsOwn && !user.Folders.Contains(path)))
        {
            var needed = Directory.Exists(path) ? Open : UnixFileMode.OtherRead;
            if ((File.GetUnixFileMode(path) & needed) != needed)
            {
                throw new AgentLaunchException(
                    FailureKind.Permanent,
                    $"The sandbox is to show '{path}', which its user {user.Id} may not read. Open it to all users (chmod -R o+rX).");
            }
        }
    }
}

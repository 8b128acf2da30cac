using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using AgentVine.Contracts.Tasks;
using Microsoft.Extensions.Logging;

namespace AgentVine.Runtimes.Processes;

/// <summary>
/// Gives each attempt that runs a user id of its own when this program is root, hands the attempt's folders over to it and takes them
/// back after its last process: between attempts everything is this program's. Otherwise all run as this program's user.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class SandboxUsers(LauncherOptions options, SandboxTools tools)
{
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    // In the words of find: folders, and files that have no other name.
    private static readonly string[] OnlyName = ["-type", "d", "-o", "-links", "1"];

    private readonly Dictionary<Guid, SandboxUser> _users = [];

    /// <exception cref="AgentLaunchException">No user id is free, or a folder cannot be handed over.</exception>
    public async Task<SandboxUser> TakeAsync(ProcessSpec spec)
    {
        SandboxUser user;
        lock (_users)
        {
            if (!_users.TryGetValue(spec.ExecutionId, out user!))
            {
                _users[spec.ExecutionId] = user = NewUser(spec);
            }

            user.Processes++;
        }

        try
        {
            if (user.IsOwn)
            {
                await user.Changes.RunAsync(() => HandOverAsync(user, FoldersOf(spec)));
            }
        }
        catch (AgentLaunchException)
        {
            await ReturnAsync(spec, user);
            throw;
        }

        return user;
    }

    public Task ReturnAsync(ProcessSpec spec, SandboxUser user) => user.Changes.RunAsync(async () =>
    {
        lock (_users)
        {
            if (--user.Processes > 0)
            {
                return;
            }
        }

        await TakeBackAsync(user);
        lock (_users)
        {
            // Another process of the attempt may have come meanwhile; it has the folders handed over once more.
            if (user.Processes > 0)
            {
                return;
            }

            _users.Remove(spec.ExecutionId);
        }

        user.Dispose();
    });

    // The clone belongs to the agent even where it may only read it: git trusts a repository of its own user alone.
    private static IEnumerable<string> FoldersOf(ProcessSpec spec) =>
        spec.Writable
            .Concat(spec.ReadOnly.Where(folder => SpecFolders.IsWithin(spec.WorkingDirectory, folder)))
            .Append(spec.StateDirectory);

    private async Task HandOverAsync(SandboxUser user, IEnumerable<string> folders)
    {
        // What lies in a folder that the agent has already is not touched again: it may have put a link in the way.
        var added = folders.Where(folder => !user.Folders.Any(own => SpecFolders.IsWithin(folder, own))).ToList();
        if (added.Count == 0)
        {
            return;
        }

        // A file with a second name may be somebody else's too (an object shared with the mirror): it stays whose it is, unless an
        // earlier agent made it.
        var (first, end) = ((long)options.FirstUserId, (long)options.FirstUserId + options.UserIds);
        string[] which = ["(", .. OnlyName, "-o", "(", "-uid", Text($"+{first - 1}"), "-uid", Text($"-{end}"), ")", ")"];
        if (await ChangeOwnerAsync(added, which, user.Id, user.Id) is { } error)
        {
            throw new AgentLaunchException(
                FailureKind.Transient,
                $"The attempt's folders could not be handed to its user {user.Id}: {error} Check the file system of the worker's data.");
        }

        user.Folders.UnionWith(added);
    }

    private async Task TakeBackAsync(SandboxUser user)
    {
        var there = user.Folders.Where(Path.Exists).ToList();
        string[] which = ["(", .. OnlyName, ")"];
        if (there.Count > 0 && await ChangeOwnerAsync(there, which, Libc.EffectiveUserId(), Libc.EffectiveGroupId()) is { } error)
        {
            LogNotTakenBack(options.Logger, user.Id, error);
        }

        user.Folders.Clear();
    }

    // Links are never followed, and nothing runs in the folders meanwhile: the owner of a file elsewhere cannot be changed through them.
    private async Task<string?> ChangeOwnerAsync(IEnumerable<string> folders, IEnumerable<string> which, uint user, uint group)
    {
        var start = new ProcessStartInfo(
            tools.FileSearch!,
            [
                "-P", .. folders, "-xdev", .. which, "!", "-uid", Text($"{user}"),
                "-exec", "chown", "-h", Text($"{user}:{group}"), "{}", "+",
            ])
        {
            WorkingDirectory = "/",
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = AgentEnvironment.SystemPath;
        try
        {
            using var process = await AgentProcessStarter.Shared.StartAsync(start);
            var error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : error.Trim();
        }
        catch (Win32Exception exception)
        {
            return exception.Message;
        }
    }

    private SandboxUser NewUser(ProcessSpec spec)
    {
        try
        {
            return tools.Privileges is null
                ? new SandboxUser(Directory.CreateTempSubdirectory("vine-sandbox-"), spec.StateDirectory)
                : ClaimUser(spec);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AgentLaunchException(
                FailureKind.Transient, $"The sandbox's files could not be written: {exception.Message} Let root write there.", exception);
        }
    }

    private SandboxUser ClaimUser(ProcessSpec spec)
    {
        Directory.CreateDirectory(options.SandboxFolder, ForAll);
        Directory.CreateDirectory(options.PassageFolder, ForAll);
        Directory.CreateDirectory(options.UserIdFolder, ForAll);
        for (var id = options.FirstUserId; id < options.FirstUserId + options.UserIds; id++)
        {
            if (Claim(id) is { } claim)
            {
                return new SandboxUser(id, claim, spec.StateDirectory);
            }
        }

        throw new AgentLaunchException(
            FailureKind.Transient,
            $"All {options.UserIds} user ids of the sandbox from {options.FirstUserId} on are in use on this host. "
            + "Run fewer slots, or configure more ids.");
    }

    // The lock goes with the program that holds it, so an id is free again however that ended.
    private FileStream? Claim(uint id)
    {
        try
        {
            var file = Path.Combine(options.UserIdFolder, Text($"{id}"));
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The folders of an attempt still belong to its user {UserId}: {Error}")]
    private static partial void LogNotTakenBack(ILogger logger, uint userId, string error);
}

using System.ComponentModel;
using System.Diagnostics;
using AgentVine.Client;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary>
/// A repository made from a checkpoint, with all history that the server has of it, so that the task's own repository need not be reached nor
/// be what it was. Goes again if it cannot be made whole.
/// </summary>
internal sealed class RestoredFolder(VineClient client, string folder)
{
    private const string Restored = "refs/vine/restored";

    public async Task FillAsync(TaskView task, CheckpointView checkpoint, CancellationToken cancellationToken)
    {
        var wasThere = Directory.Exists(folder);
        var bundle = Path.Join(Path.GetTempPath(), $"vine-{Guid.NewGuid():N}.bundle");
        try
        {
            await using (var file = new FileStream(bundle, FileMode.CreateNew, FileAccess.Write))
            {
                await client.CopyCheckpointAsync(checkpoint.ExecutionId, checkpoint.N, true, file, cancellationToken);
            }

            await GitAsync(["init", "--quiet", "--", folder], cancellationToken);
            await GitAsync(["-C", folder, "remote", "add", "origin", "--", task.RepositoryUrl], cancellationToken);
            await TakeAsync(task, checkpoint, bundle, cancellationToken);
        }
        catch when (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
            if (wasThere)
            {
                Directory.CreateDirectory(folder);
            }

            throw;
        }
        finally
        {
            File.Delete(bundle);
        }
    }

    // Files as they were, then the commit below them that was checked out.
    private async Task TakeAsync(TaskView task, CheckpointView checkpoint, string bundle, CancellationToken cancellationToken)
    {
        var reference = $"refs/vine/wip/{checkpoint.TaskId:D}/{checkpoint.Attempt}";
        await GitAsync(["-C", folder, "-c", "fetch.fsckObjects=true", "fetch", "--quiet", "--no-tags", "--", bundle, $"{reference}:{Restored}"], cancellationToken);
        await GitAsync(["-C", folder, "symbolic-ref", "HEAD", $"refs/heads/vine/{task.Id:D}"], cancellationToken);
        await GitAsync(["-C", folder, "reset", "--quiet", "--hard", checkpoint.Commit, "--"], cancellationToken);
        await GitAsync(["-C", folder, "reset", "--quiet", "--mixed", checkpoint.HeadCommit, "--"], cancellationToken);
    }

    private static async Task GitAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var git = Start(arguments);
        try
        {
            var output = git.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = await git.StandardError.ReadToEndAsync(cancellationToken);
            await output;
            await git.WaitForExitAsync(cancellationToken);
            if (git.ExitCode != 0)
            {
                var verb = arguments.First(word => !word.StartsWith('-') && word is "init" or "remote" or "fetch" or "symbolic-ref" or "reset");
                throw new CommandException(
                    ExitCode.Failed,
                    $"git {verb} ended with exit code {git.ExitCode}: {errors.Trim()}; nothing was restored. Look whether the disk is full, and try again");
            }
        }
        finally
        {
            if (!git.HasExited)
            {
                git.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(IReadOnlyList<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception missing)
        {
            throw new CommandException(ExitCode.Failed, $"git cannot be started ({missing.Message}); install it, and try again", missing);
        }
    }
}

using System.Diagnostics;
using System.Text;
using AgentVine.Git;
using AgentVine.Git.Bundles;
using AgentVine.Git.Clones;
using AgentVine.Git.Mirrors;
using AgentVine.Git.Names;
using AgentVine.Git.Repositories;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Worker.Tests.Git;

/// <summary>A folder of its own with a home, a worker's mirrors and a server's repositories, on the real git program.</summary>
internal sealed class GitGround : IGitSteps, IDisposable
{
    private readonly Dictionary<string, string> _variables;

    public GitGround()
    {
        Root = Directory.CreateTempSubdirectory("vine-git-").FullName;
        Home = Directory.CreateDirectory(Path.Join(Root, "home")).FullName;
        _variables = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["HOME"] = Home,
            ["GIT_CONFIG_NOSYSTEM"] = "1",
            ["GIT_AUTHOR_NAME"] = "A person",
            ["GIT_AUTHOR_EMAIL"] = "person@example.invalid",
            ["GIT_COMMITTER_NAME"] = "A person",
            ["GIT_COMMITTER_EMAIL"] = "person@example.invalid",
        };
        Runner = NewRunner(new GitOptions { Environment = _variables });
        Mirrors = NewMirrors(Runner);
        Server = new BareRepositoryStore(Path.Join(Root, "server"), Runner, NullLogger<BareRepository>.Instance);
    }

    public string Root { get; }

    public string Home { get; }

    public GitRunner Runner { get; }

    public MirrorStore Mirrors { get; }

    public BareRepositoryStore Server { get; }

    public IReadOnlyDictionary<string, string> Variables => _variables;

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public CommandLog Log { get; } = new();

    public GitRunner NewRunner(GitOptions options) => new(options, TimeProvider.System, Log);

    public MirrorStore NewMirrors(GitRunner runner) =>
        new(Path.Join(Root, "mirrors"), runner, TimeProvider.System, NullLogger<Mirror>.Instance);

    /// <summary>A repository as a person has it, with one commit on <c>main</c>.</summary>
    public string NewRepository(string name = "source")
    {
        var folder = Path.Join(Root, name);
        Git(Root, "init", "--quiet", "--initial-branch=main", folder);
        Commit(folder, "readme.md", "hello\n");
        return folder;
    }

    public string Commit(string folder, string file, string content)
    {
        Write(folder, file, content);
        Git(folder, "add", "--all");
        Git(folder, "commit", "--quiet", "--message", "Change " + file);
        return Git(folder, "rev-parse", "HEAD");
    }

    public static void Write(string folder, string file, string content)
    {
        var path = Path.Join(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    /// <summary>A program for git to run, of shell.</summary>
    public string NewScript(string name, string body)
    {
        var path = Path.Join(Root, name);
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    /// <summary>Git as a person runs it, obeying whatever configuration there is. Fails the test if git fails.</summary>
    public string Git(string folder, params string[] arguments)
    {
        var (exitCode, output, errors) = TryGit(folder, arguments);
        Assert.True(exitCode == 0, $"git {string.Join(' ', arguments)} ended with {exitCode}: {errors}");
        return output.Trim();
    }

    public (int ExitCode, string Output, string Errors) TryGit(string folder, params string[] arguments)
    {
        var (exitCode, output, errors) = Run(folder, arguments, _variables);
        using var reader = new StreamReader(output);
        return (exitCode, reader.ReadToEnd(), errors);
    }

    /// <summary>Runs steps as the worker does in a sandbox; returns the last one's output.</summary>
    public MemoryStream RunSteps(string folder, params IEnumerable<GitStep> steps)
    {
        var last = new MemoryStream();
        foreach (var step in steps)
        {
            var variables = new Dictionary<string, string>(step.Environment) { ["PATH"] = _variables["PATH"], ["HOME"] = Home };
            var (exitCode, output, errors) = Run(folder, step.Arguments, variables, step.Input);
            Assert.True(step.ExitCodes.Contains(exitCode), $"git {string.Join(' ', step.Arguments)} ended with {exitCode}: {errors}");
            last = output;
        }

        return last;
    }

    public string RunStep(string folder, GitStep step)
    {
        using var reader = new StreamReader(RunSteps(folder, step));
        return reader.ReadToEnd();
    }

    public async Task<PrivateClone> CloneAsync(string source, Guid taskId, PrivateCloneStart? startFrom = null, string? branch = "main")
    {
        var mirror = MirrorOf(source);
        return await PrivateClone.CreateAsync(
            mirror,
            new PrivateCloneRequest
            {
                Target = await mirror.FetchAsync(branch, Stop),
                WorkBranch = WorkRefs.Branch(taskId),
                Folder = Path.Join(Root, "work", Guid.NewGuid().ToString("N")),
                StartFrom = startFrom,
            },
            Stop);
    }

    public Mirror MirrorOf(string source) => Mirrors.For(RepositoryUrl.Parse(source));

    /// <summary>Commits what the agent left and brings its branch out, as the worker does.</summary>
    public async Task<Bundle> TakeResultAsync(PrivateClone clone)
    {
        RunSteps(clone.Folder, GitCommands.CommitAll(clone.Folder, clone.WorkBranch, "Work of the agent", GitIdentity.Agent));
        await using var output = RunSteps(clone.Folder, GitCommands.CreateBundle(clone.Folder, clone.BaseCommit, clone.WorkBranch));
        return await Bundle.ReceiveAsync(output, NewFile(), WorkRefs.Head(clone.WorkBranch), 64 * 1024 * 1024, Stop);
    }

    /// <summary>Takes a snapshot as the worker does in a sandbox.</summary>
    public Task<Snapshot> SnapshotAsync(PrivateClone clone, Guid taskId, int attempt = 1, Snapshot? previous = null) =>
        new SnapshotTaker(this).TakeAsync(
            new SnapshotRequest
            {
                Folder = clone.Folder,
                Reference = WorkRefs.WorkInProgress(taskId, attempt),
                BaseCommit = clone.BaseCommit,
                Previous = previous,
            },
            Stop);

    /// <summary>Brings a snapshot out, less its base and what the server has.</summary>
    public async Task<Bundle> BundleAsync(PrivateClone clone, Guid taskId, int attempt = 1, string? acknowledged = null)
    {
        var reference = WorkRefs.WorkInProgress(taskId, attempt);
        await using var output = RunSteps(clone.Folder, SnapshotCommands.CreateBundle(clone.Folder, reference, clone.BaseCommit, acknowledged));
        return await Bundle.ReceiveAsync(output, NewFile(), reference, 64 * 1024 * 1024, Stop);
    }

    public Task<GitStepOutput> RunAsync(GitStep step, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, string>(step.Environment) { ["PATH"] = _variables["PATH"], ["HOME"] = Home };
        var (exitCode, output, errors) = Run(step.Environment["GIT_WORK_TREE"], step.Arguments, variables, step.Input);
        return step.ExitCodes.Contains(exitCode)
            ? Task.FromResult(new GitStepOutput(exitCode, Encoding.Latin1.GetString(output.ToArray())))
            : throw new GitStepException($"git {string.Join(' ', step.Arguments)} ended with {exitCode}: {errors}");
    }

    /// <summary>Stores a result as worker and server do between them: with a base bundle where the server wants one.</summary>
    public async Task<StoreOutcome> StoreAsync(BareRepository repository, Mirror mirror, Bundle bundle, Guid taskId, int attempt)
    {
        var outcome = await repository.StoreBranchAsync(bundle, taskId, attempt, bundle.Commit, Stop);
        if (outcome is not StoreOutcome.MissingPrerequisites missing)
        {
            return outcome;
        }

        foreach (var commit in missing.Missing)
        {
            var bases = await mirror.CreateBaseBundleAsync(commit, missing.Have, NewFile(), Stop);
            Assert.IsType<StoreOutcome.Stored>(await repository.StoreBaseAsync(bases, Stop));
        }

        return await repository.StoreBranchAsync(bundle, taskId, attempt, bundle.Commit, Stop);
    }

    public string NewFile() => Path.Join(Directory.CreateDirectory(Path.Join(Root, "transfer")).FullName, Guid.NewGuid().ToString("N"));

    public void Dispose() => PrivateClone.Delete(Root);

    private static (int ExitCode, MemoryStream Output, string Errors) Run(
        string folder,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> variables,
        string input = "")
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.BaseStream.Write(Encoding.Latin1.GetBytes(input));
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        output.Position = 0;
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }
}

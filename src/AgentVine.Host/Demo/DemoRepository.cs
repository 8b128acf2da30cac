using AgentVine.Git;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentVine.Host.Demo;

/// <summary>The demo's repository: a greeting script that does not know names, and a test that asks for one.</summary>
internal sealed record DemoRepository(string Folder)
{
    public static async Task<DemoRepository> CreateAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Join(folder, "greet.sh"), "#!/bin/sh\necho \"Hello, world!\"\n", cancellationToken);
        await File.WriteAllTextAsync(
            Path.Join(folder, "test.sh"),
            "#!/bin/sh\n[ \"$(sh greet.sh Ada)\" = \"Hello, Ada!\" ] || { echo 'FAILED: greet.sh Ada should say Hello, Ada!'; exit 1; }\necho ok\n",
            cancellationToken);
        var git = new GitRunner(new GitOptions(), TimeProvider.System, NullLogger<GitRunner>.Instance);
        var identity = new Dictionary<string, string>
        {
            ["GIT_AUTHOR_NAME"] = "AgentVine demo",
            ["GIT_AUTHOR_EMAIL"] = "demo@agentvine.invalid",
            ["GIT_COMMITTER_NAME"] = "AgentVine demo",
            ["GIT_COMMITTER_EMAIL"] = "demo@agentvine.invalid",
        };
        await git.RunAsync(new GitCommand { Arguments = ["init", "--quiet", "--initial-branch=main", "--", folder] }, cancellationToken);
        foreach (var arguments in new string[][] { ["add", "--all"], ["commit", "--quiet", "--message=A greeting, and a test that it fails"] })
        {
            await git.RunAsync(
                new GitCommand { Arguments = arguments, Repository = Path.Join(folder, ".git"), WorkTree = folder, Environment = identity }, cancellationToken);
        }

        return new DemoRepository(folder);
    }
}

namespace AgentVine.Git.Clones;

/// <summary>Makes steps whose rules stand above whatever the agent configured in its clone.</summary>
internal static class GitSteps
{
    private static readonly KeyValuePair<string, string>[] Rules =
    [
        new("core.hooksPath", GitEnvironment.Nothing),
        new("core.fsmonitor", "false"),
        new("core.excludesFile", GitEnvironment.Nothing),
        new("core.splitIndex", "false"),
        new("commit.gpgSign", "false"),
        new("gc.auto", "0"),
        new("maintenance.auto", "false"),
        new("submodule.recurse", "false"),
        new("advice.addEmbeddedRepo", "false"),
        new("color.ui", "false"),
        new("safe.directory", "*"),
    ];

    public static GitStep New(string folder, IReadOnlyList<string> arguments, GitIdentity identity, params int[] exitCodes)
    {
        var variables = new Dictionary<string, string>
        {
            ["GIT_DIR"] = Path.Join(folder, ".git"),
            ["GIT_WORK_TREE"] = folder,
            ["GIT_CONFIG_NOSYSTEM"] = "1",
            ["GIT_CONFIG_GLOBAL"] = GitEnvironment.Nothing,
            ["GIT_ATTR_NOSYSTEM"] = "1",
            ["GIT_ALLOW_PROTOCOL"] = "file",
            ["GIT_TERMINAL_PROMPT"] = "0",
            ["GIT_EDITOR"] = ":",
            ["GIT_PAGER"] = "cat",
            ["GIT_AUTHOR_NAME"] = identity.Name,
            ["GIT_AUTHOR_EMAIL"] = identity.Email,
            ["GIT_COMMITTER_NAME"] = identity.Name,
            ["GIT_COMMITTER_EMAIL"] = identity.Email,
            ["LC_ALL"] = "C",
        };
        GitEnvironment.Configure(variables, Rules);
        return new GitStep(arguments, variables, exitCodes);
    }
}

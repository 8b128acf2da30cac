using System.Globalization;

namespace AgentVine.Git;

/// <summary>The variables that a git process gets, by profile: rules that no repository can change.</summary>
internal sealed class GitEnvironment(IReadOnlyDictionary<string, string> host)
{
    /// <summary>Git opens this name on every platform, Windows included.</summary>
    public const string Nothing = "/dev/null";

    /// <summary>What git needs to run at all.</summary>
    private static readonly string[] Needed =
        ["PATH", "PATHEXT", "SystemRoot", "SystemDrive", "windir", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "GIT_EXEC_PATH"];

    /// <summary>The user's own git variables that <see cref="GitProfile.Remote"/> lets through.</summary>
    private static readonly string[] OfTheUser =
    [
        "GIT_EXEC_PATH", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_ASKPASS", "GIT_SSH", "GIT_SSH_COMMAND",
        "GIT_SSH_VARIANT", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_SSL_CERT", "GIT_SSL_KEY", "GIT_SSL_NO_VERIFY", "GIT_PROXY_COMMAND",
    ];

    private static readonly KeyValuePair<string, string>[] EveryProfile =
    [
        new("core.hooksPath", Nothing),
        new("core.fsmonitor", "false"),
        new("core.protectHFS", "true"),
        new("core.protectNTFS", "true"),
        new("core.quotePath", "true"),
        new("color.ui", "false"),
        new("commit.gpgSign", "false"),
        new("log.showSignature", "false"),
        new("gc.auto", "0"),
        new("maintenance.auto", "false"),
        new("submodule.recurse", "false"),
        new("fetch.recurseSubmodules", "false"),
        new("protocol.ext.allow", "never"),
    ];

    private static readonly KeyValuePair<string, string>[] IsolatedOnly =
    [
        new("core.attributesFile", Nothing),
        new("core.excludesFile", Nothing),
        new("credential.helper", ""),
        new("protocol.allow", "never"),
    ];

    public static StringComparer Names => OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    public Dictionary<string, string> For(GitCommand command)
    {
        var variables = command.Profile == GitProfile.Remote ? Remote() : Isolated();
        variables["GIT_TERMINAL_PROMPT"] = "0";
        variables["GIT_EDITOR"] = ":";
        variables["GIT_SEQUENCE_EDITOR"] = ":";
        variables["GIT_PAGER"] = "cat";
        variables["LC_ALL"] = "C";
        variables["LANGUAGE"] = "";
        if (command.Repository is not null)
        {
            variables["GIT_DIR"] = command.Repository;
        }

        if (command.WorkTree is not null)
        {
            variables["GIT_WORK_TREE"] = command.WorkTree;
        }

        foreach (var (name, value) in command.Environment)
        {
            variables[name] = value;
        }

        var isolated = command.Profile == GitProfile.Isolated ? IsolatedOnly : [];
        Configure(variables, [.. EveryProfile, .. isolated, .. command.Configuration]);
        return variables;
    }

    /// <summary>Adds configuration of command scope, which wins over every file, to <paramref name="variables"/>.</summary>
    public static void Configure(Dictionary<string, string> variables, IReadOnlyList<KeyValuePair<string, string>> configuration)
    {
        variables["GIT_CONFIG_COUNT"] = configuration.Count.ToString(CultureInfo.InvariantCulture);
        for (var index = 0; index < configuration.Count; index++)
        {
            var number = index.ToString(CultureInfo.InvariantCulture);
            variables["GIT_CONFIG_KEY_" + number] = configuration[index].Key;
            variables["GIT_CONFIG_VALUE_" + number] = configuration[index].Value;
        }
    }

    private Dictionary<string, string> Isolated()
    {
        var variables = Chosen(Needed);
        variables["GIT_CONFIG_NOSYSTEM"] = "1";
        variables["GIT_CONFIG_SYSTEM"] = Nothing;
        variables["GIT_CONFIG_GLOBAL"] = Nothing;
        variables["GIT_ATTR_NOSYSTEM"] = "1";
        variables["GIT_ASKPASS"] = "";
        variables["GIT_ALLOW_PROTOCOL"] = "";
        return variables;
    }

    private Dictionary<string, string> Remote()
    {
        var variables = Chosen(OfTheUser);
        foreach (var (name, value) in host)
        {
            if (!name.StartsWith("GIT_", StringComparison.OrdinalIgnoreCase))
            {
                variables[name] = value;
            }
        }

        // ssh asks a program that is not there, in place of a terminal that this worker may have been started from.
        variables["SSH_ASKPASS"] = "vine-never-asks";
        variables["SSH_ASKPASS_REQUIRE"] = "force";
        variables.TryAdd("GIT_ASKPASS", "");
        variables["GIT_ALLOW_PROTOCOL"] = "file:git:http:https:ssh";
        return variables;
    }

    private Dictionary<string, string> Chosen(string[] names)
    {
        var variables = new Dictionary<string, string>(Names);
        foreach (var name in names)
        {
            if (host.TryGetValue(name, out var value))
            {
                variables[name] = value;
            }
        }

        return variables;
    }
}

using System.Collections;

namespace AgentVine.Runtimes.Processes;

/// <summary>The environment that an agent's process starts with: nothing of this program's own but what it cannot live without.</summary>
internal static class AgentEnvironment
{
    public const string ExecutionVariable = "VINE_EXECUTION";
    public const string ProcessVariable = "VINE_PROCESS";

    /// <summary>Where programs are inside a sandbox, whatever the host's own <c>PATH</c> is.</summary>
    public const string SystemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static readonly string[] WindowsNeeds =
    [
        "SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT", "OS", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE",
        "ProgramData", "ProgramFiles",
    ];

    public static Dictionary<string, string> For(ProcessSpec spec, string mark, string path, string temporary)
    {
        var names = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var environment = new Dictionary<string, string>(names);
        if (OperatingSystem.IsWindows())
        {
            AddWindowsNeeds(environment, spec, temporary);
        }

        environment["PATH"] = path;
        environment["HOME"] = spec.StateDirectory;
        environment["LANG"] = "C.UTF-8";
        environment["TMPDIR"] = temporary;
        foreach (var (name, value) in spec.Environment)
        {
            environment[name] = value;
        }

        environment[ExecutionVariable] = spec.ExecutionId.ToString();
        environment[ProcessVariable] = mark;
        return environment;
    }

    /// <summary>This program's own <c>PATH</c>.</summary>
    public static string HostPath() => Environment.GetEnvironmentVariable("PATH") ?? SystemPath;

    private static void AddWindowsNeeds(Dictionary<string, string> environment, ProcessSpec spec, string temporary)
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (WindowsNeeds.Contains((string)variable.Key, StringComparer.OrdinalIgnoreCase))
            {
                environment[(string)variable.Key] = (string?)variable.Value ?? "";
            }
        }

        environment["TEMP"] = environment["TMP"] = temporary;
        environment["USERPROFILE"] = environment["APPDATA"] = environment["LOCALAPPDATA"] = spec.StateDirectory;
    }
}

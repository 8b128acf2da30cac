using System.Collections;
using AgentVine.Cli.Commands.Doctor;
using AgentVine.Cli.Output;
using AgentVine.Cli.Settings;
using AgentVine.Client;

namespace AgentVine.Cli;

/// <summary>All that commands have of the world around them.</summary>
public sealed class CommandContext
{
    /// <summary>Input and output.</summary>
    public required VineConsole Console { get; init; }

    /// <summary>The program's environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Where relative paths start; absolute.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Drives ages, pauses and time-outs.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Makes the client; tests give it a handler of their own.</summary>
    public Func<VineClientOptions, VineClient> CreateClient { get; init; } = static options => new VineClient(options);

    /// <summary>What <c>vine doctor</c> looks at.</summary>
    public Func<VineSettings, IEnumerable<IDoctorCheck>> DoctorChecks { get; init; } = static _ => [];

    /// <summary>The context of this process.</summary>
    public static CommandContext ForProcess(Func<VineSettings, IEnumerable<IDoctorCheck>> doctorChecks)
    {
        var environment = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
        return new CommandContext
        {
            Console = VineConsole.ForProcess(environment),
            Environment = environment,
            WorkingDirectory = Directory.GetCurrentDirectory(),
            DoctorChecks = doctorChecks,
        };
    }
}

using System.Collections;

namespace AgentVine.Git;

/// <summary>How git is run.</summary>
public sealed record GitOptions
{
    /// <summary>The program: an absolute path, or a name looked up on the <c>PATH</c> of <see cref="Environment"/>.</summary>
    public string Program { get; init; } = "git";

    /// <summary>The variables that commands draw from; by default those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = OfThisProcess();

    /// <summary>How long a command on local files may take.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a fetch, or the making or taking in of a bundle, may take.</summary>
    public TimeSpan TransferTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How many bytes of a command's output are taken into memory; a command that says more fails.</summary>
    public int OutputLimit { get; init; } = 64 * 1024 * 1024;

    /// <summary>With how many packs a repository of this program's own has them joined; git gets slow with thousands.</summary>
    public int JoinPacksFrom { get; init; } = 50;

    private static Dictionary<string, string> OfThisProcess()
    {
        var variables = new Dictionary<string, string>(GitEnvironment.Names);
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }
}

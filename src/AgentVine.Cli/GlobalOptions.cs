using System.CommandLine;

namespace AgentVine.Cli;

/// <summary>The options that every command takes.</summary>
internal static class GlobalOptions
{
    public const string Server = "--server";
    public const string Key = "--key";
    public const string Data = "--data";
    public const string Json = "--json";

    /// <summary>A fresh set for one command tree.</summary>
    public static IEnumerable<Option> Create() =>
    [
        new Option<string>(Server) { Description = "The server's address; this machine's server by default", HelpName = "url", Recursive = true },
        new Option<string>(Key) { Description = "The key; run.key of the data folder by default", HelpName = "key", Recursive = true },
        new Option<string>(Data) { Description = "The data folder", HelpName = "folder", Recursive = true },
        new Option<bool>(Json) { Description = "Data alone on standard output, as the API gives it", Recursive = true },
    ];
}

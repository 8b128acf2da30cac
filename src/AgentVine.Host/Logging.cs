using AgentVine.Cli.Settings;
using Microsoft.Extensions.Logging.Console;

namespace AgentVine.Host;

/// <summary>The log: to standard error, as text or JSON lines. Standard output is for what people asked for.</summary>
internal static class Logging
{
    public static ILoggerFactory Create(VineSettings settings)
    {
        var (level, json) = Read(settings);
        return LoggerFactory.Create(logging => Configure(logging, level, json));
    }

    public static (LogLevel Level, bool Json) Read(VineSettings settings)
    {
        var levels = Enum.GetNames<LogLevel>().Select(name => name.ToLowerInvariant()).ToList();
        var level = settings.Choice("log.level", "information", levels);
        return (Enum.Parse<LogLevel>(level, ignoreCase: true), settings.Choice("log.format", "text", "text", "json") == "json");
    }

    public static void Configure(ILoggingBuilder logging, LogLevel level, bool json)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(level);
        logging.AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning);
        logging.AddFilter("ModelContextProtocol", level > LogLevel.Warning ? level : LogLevel.Warning);
        logging.AddFilter("System.Net.Http", level > LogLevel.Warning ? level : LogLevel.Warning);
        logging.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = json ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
        });
        if (json)
        {
            logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "HH:mm:ss ";
            });
        }
    }
}

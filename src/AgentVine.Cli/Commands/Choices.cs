using System.CommandLine;
using AgentVine.Contracts;

namespace AgentVine.Cli.Commands;

/// <summary>Options whose values are the words of the wire.</summary>
internal static class Choices
{
    public static Option<string> Of<TEnum>(string name, string description) where TEnum : struct, Enum
    {
        var words = Enum.GetValues<TEnum>().Select(VineJson.Name).ToArray();
        var option = new Option<string>(name) { Description = $"{description}: {string.Join(", ", words)}", HelpName = name.TrimStart('-') };
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    public static TEnum? Value<TEnum>(this CommandRun run, Option<string> option) where TEnum : struct, Enum =>
        run.Get(option) is { } word ? VineJson.Parse<TEnum>(word) : null;
}

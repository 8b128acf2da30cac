using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AgentVine.Cli.Settings;

/// <summary>Reads <c>vine.yaml</c> as names with values; nesting becomes dots, a list of words is joined by commas.</summary>
internal static class SettingsFile
{
    public const string Name = "vine.yaml";
    private static readonly IReadOnlyDictionary<string, Setting> None = new Dictionary<string, Setting>();

    public static IReadOnlyDictionary<string, Setting> Read(string folder, SettingOrigin origin)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path))
        {
            return None;
        }

        try
        {
            using var reader = File.OpenText(path);
            return Parse(reader, path, origin);
        }
        catch (YamlException exception)
        {
            throw Wrong($"{path} line {exception.Start.Line} is not YAML: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private static Dictionary<string, Setting> Parse(TextReader reader, string path, SettingOrigin origin)
    {
        var settings = new Dictionary<string, Setting>(StringComparer.Ordinal);
        var yaml = new YamlStream();
        yaml.Load(reader);
        if (yaml.Documents.Count == 0)
        {
            return settings;
        }

        if (yaml.Documents[0].RootNode is not YamlMappingNode root)
        {
            throw Wrong($"{path} must hold names with values, as in `server: http://127.0.0.1:8000`");
        }

        Flatten(root, "");
        return settings;

        void Flatten(YamlMappingNode mapping, string prefix)
        {
            foreach (var (key, node) in mapping.Children)
            {
                var name = prefix + ((key as YamlScalarNode)?.Value ?? throw Wrong($"{path} line {key.Start.Line}: a name must be a word"));
                var value = node switch
                {
                    YamlScalarNode scalar => scalar.Value ?? "",
                    YamlSequenceNode list when list.All(item => item is YamlScalarNode) => string.Join(',', list.Select(item => ((YamlScalarNode)item).Value)),
                    YamlMappingNode => null,
                    _ => throw Wrong($"{path} line {node.Start.Line}: {name} must be a value, a list of words, or names with values"),
                };
                if (value is not null)
                {
                    settings[name] = new Setting(name, value, $"{path} line {node.Start.Line}", origin);
                }
                else
                {
                    Flatten((YamlMappingNode)node, name + ".");
                }
            }
        }
    }

    private static CommandException Wrong(string message, Exception? cause = null) => new(ExitCode.Usage, message, cause);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AgentVine.Runtimes.Rehearsal;

/// <summary>A value of YAML as JSON has it: plain words that are numbers, true, false or null are those.</summary>
internal static class YamlValue
{
    /// <summary>An empty object where there is no node.</summary>
    public static JsonElement ToJson(YamlNode? node) => JsonSerializer.SerializeToElement(node is null ? new JsonObject() : Value(node));

    private static JsonNode? Value(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(Member)),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Value)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value ?? ""),
        YamlScalarNode scalar => scalar.Value,
        _ => null,
    };

    private static KeyValuePair<string, JsonNode?> Member(KeyValuePair<YamlNode, YamlNode> child) =>
        KeyValuePair.Create(child.Key.ToString(), Value(child.Value));

    private static JsonNode? Plain(string word) => word switch
    {
        "" or "~" or "null" => null,
        "true" => true,
        "false" => false,
        _ when long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ when decimal.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => word,
    };
}

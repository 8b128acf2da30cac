using YamlDotNet.RepresentationModel;

namespace AgentVine.Runtimes.Rehearsal;

/// <summary>The fields of a mapping in a playbook; what is unknown, missing or of another form is a fault.</summary>
internal sealed class PlaybookFields
{
    private readonly Dictionary<string, YamlNode> _fields = new(StringComparer.Ordinal);
    private readonly YamlNode _node;
    private readonly string _what;
    private readonly Action<YamlNode, string> _fault;

    public PlaybookFields(YamlNode node, string what, IReadOnlyList<string> known, Action<YamlNode, string> fault)
    {
        _node = node;
        _what = what;
        _fault = fault;
        if (node is not YamlMappingNode mapping)
        {
            return;
        }

        foreach (var (key, value) in mapping.Children)
        {
            if (key is YamlScalarNode { Value: { } name } && known.Contains(name))
            {
                _fields[name] = value;
            }
            else
            {
                fault(key, $"{what} has no '{key}'; it has {string.Join(", ", known)}");
            }
        }
    }

    public YamlNode? Node(string name) => _fields.GetValueOrDefault(name);

    public string? RequiredText(string name)
    {
        if (Text(name) is { } text)
        {
            return text;
        }

        if (Node(name) is null)
        {
            _fault(_node, $"{_what} wants a '{name}'");
        }

        return null;
    }

    /// <summary>Null where it is absent, and where it is a fault.</summary>
    public string? Text(string name)
    {
        if (Node(name) is null or YamlScalarNode { Value: not null })
        {
            return (Node(name) as YamlScalarNode)?.Value;
        }

        _fault(Node(name)!, $"'{name}' of {_what} is a text");
        return null;
    }

    public bool Flag(string name)
    {
        if (Node(name) is null or YamlScalarNode { Value: "true" or "false" })
        {
            return Node(name) is YamlScalarNode { Value: "true" };
        }

        _fault(Node(name)!, $"'{name}' of {_what} is true or false");
        return false;
    }
}

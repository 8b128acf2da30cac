using System.Globalization;
using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Tasks;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace AgentVine.Runtimes.Rehearsal;

/// <summary>Reads a playbook and gathers all its faults, each with its line.</summary>
internal sealed class PlaybookReader
{
    private const int DeepestNesting = 50;
    private const int LongestWait = 24 * 60 * 60;

    private static readonly string[] StepNames =
        ["say", "write", "run", "ask", "ask_permission", "wait", "fail", "hang", "rate_limit"];

    private static readonly FailureKind[] Failures =
        [FailureKind.Transient, FailureKind.Permanent, FailureKind.RateLimit, FailureKind.BadResult, FailureKind.Budget];

    private readonly List<string> _faults = [];

    public IReadOnlyList<string> Faults => _faults;

    public Playbook Read(string text)
    {
        var stream = new YamlStream();
        try
        {
            if (!IsPlain(text))
            {
                return Playbook.Default;
            }

            stream.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            Fault(exception.Start, $"not YAML: {exception.Message}");
            return Playbook.Default;
        }

        return stream.Documents is [var document, ..] ? new Playbook(Top(document.RootNode)) : new Playbook([]);
    }

    // Playbooks come from tasks: aliases can unfold without end, and what is nested too deep ends this program's stack.
    private bool IsPlain(string text)
    {
        var depth = 0;
        var parser = new Parser(new StringReader(text));
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (parser.Current is AnchorAlias || depth > DeepestNesting)
            {
                Fault(parser.Current.Start, parser.Current is AnchorAlias
                    ? "a playbook has no aliases; write the steps out"
                    : $"nested deeper than {DeepestNesting} levels");
                return false;
            }
        }

        return true;
    }

    private List<RehearsalStep> Top(YamlNode root)
    {
        if (root is not YamlMappingNode mapping)
        {
            return Steps(root);
        }

        var fields = Fields(mapping, "a playbook", "steps");
        return fields.Node("steps") is { } steps ? Steps(steps) : [];
    }

    private List<RehearsalStep> Steps(YamlNode node)
    {
        if (node is not YamlSequenceNode sequence)
        {
            Fault(node, "steps are a list, each line of which starts with '- '");
            return [];
        }

        return [.. sequence.Children.Select(Step).OfType<RehearsalStep>()];
    }

    private RehearsalStep? Step(YamlNode node)
    {
        var (name, value) = node switch
        {
            YamlScalarNode { Value: { } word } => (word, null),
            YamlMappingNode { Children: { Count: 1 } children } when children.First().Key is YamlScalarNode { Value: { } key } =>
                (key, children.First().Value),
            _ => ("", null),
        };
        switch (name)
        {
            case "say": return Text(node, name, value) is { } text ? new RehearsalStep.Say(text) : null;
            case "run": return Text(node, name, value) is { } line ? new RehearsalStep.Run(line) : null;
            case "wait": return Number(node, name, value) is { } seconds ? new RehearsalStep.Wait(seconds) : null;
            case "hang": return new RehearsalStep.Hang();
            case "write": return Write(Fields(value ?? node, name, "path", "content"));
            case "ask": return Ask(Fields(value ?? node, name, "question", "header", "options", "multi_select"));
            case "ask_permission": return AskPermission(Fields(value ?? node, name, "tool", "input", "then"));
            case "fail": return Fail(Fields(value ?? node, name, "kind", "message", "retry_after_seconds"));
            case "rate_limit": return RateLimit(name, value);
            default:
                Fault(node, $"{(name.Length == 0 ? "this" : $"'{name}'")} is no step; a step is one of {string.Join(", ", StepNames)}");
                return null;
        }
    }

    private RehearsalStep.Write? Write(PlaybookFields fields)
    {
        var path = fields.RequiredText("path");
        var content = fields.RequiredText("content");
        if (path is not null && (path.Length == 0 || Path.IsPathRooted(path) || path.Contains('\\', StringComparison.Ordinal)
            || path.Split('/').Any(part => part is "" or "." or "..")))
        {
            Fault(fields.Node("path")!, $"'{path}' may not leave the clone; give a path relative to it, with '/' and without '..'");
            return null;
        }

        return path is null || content is null ? null : new RehearsalStep.Write(path, content);
    }

    private RehearsalStep.Ask? Ask(PlaybookFields fields)
    {
        var question = fields.RequiredText("question");
        var options = new List<QuestionOption>();
        if (fields.Node("options") is { } node)
        {
            options.AddRange(((node as YamlSequenceNode)?.Children ?? [node]).Select(Option).OfType<QuestionOption>());
        }

        return question is null
            ? null
            : new RehearsalStep.Ask(new RequestQuestion
            {
                Question = question,
                Header = fields.Text("header"),
                Options = options,
                MultiSelect = fields.Flag("multi_select"),
            });
    }

    private QuestionOption? Option(YamlNode node)
    {
        if (node is YamlScalarNode { Value: { } label })
        {
            return new QuestionOption(label);
        }

        var fields = Fields(node, "an option", "label", "description");
        return fields.RequiredText("label") is { } named ? new QuestionOption(named, fields.Text("description")) : null;
    }

    private RehearsalStep.AskPermission? AskPermission(PlaybookFields fields)
    {
        var tool = fields.RequiredText("tool");
        var then = fields.Node("then") is { } steps ? Steps(steps) : [];
        return tool is null ? null : new RehearsalStep.AskPermission(tool, YamlValue.ToJson(fields.Node("input")), then);
    }

    private RehearsalStep.Fail? Fail(PlaybookFields fields)
    {
        var kind = fields.RequiredText("kind");
        var message = fields.RequiredText("message");
        var known = kind is null || (VineJson.TryParse<FailureKind>(kind, out var parsed) && Failures.Contains(parsed));
        if (!known)
        {
            var names = string.Join(", ", Failures.Select(VineJson.Name));
            Fault(fields.Node("kind")!, $"'{kind}' is no kind of failure; it is one of {names}");
        }

        return kind is null || message is null || !known
            ? null
            : new RehearsalStep.Fail(VineJson.Parse<FailureKind>(kind), message, RetryAfter(fields));
    }

    private RehearsalStep.Fail RateLimit(string name, YamlNode? value)
    {
        var retryAfter = value is null or YamlScalarNode { Value: "" } ? null : RetryAfter(Fields(value, name, "retry_after_seconds"));
        return new RehearsalStep.Fail(FailureKind.RateLimit, "A rehearsed limit of the model's provider.", retryAfter);
    }

    private TimeSpan? RetryAfter(PlaybookFields fields) =>
        fields.Node("retry_after_seconds") is { } node ? Number(node, "retry_after_seconds", node) : null;

    private string? Text(YamlNode step, string name, YamlNode? value)
    {
        if (value is YamlScalarNode { Value: { } text })
        {
            return text;
        }

        Fault(step, $"'{name}' wants a text after it");
        return null;
    }

    private TimeSpan? Number(YamlNode step, string name, YamlNode? value)
    {
        if (value is YamlScalarNode { Value: { } text }
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and <= LongestWait)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        Fault(step, $"'{name}' wants a number of seconds from 0 to {LongestWait}");
        return null;
    }

    private PlaybookFields Fields(YamlNode node, string what, params string[] known) => new(node, what, known, Fault);

    private void Fault(YamlNode node, string what) => Fault(node.Start, what);

    private void Fault(Mark place, string what) => _faults.Add(string.Create(CultureInfo.InvariantCulture, $"line {place.Line}: {what}"));
}

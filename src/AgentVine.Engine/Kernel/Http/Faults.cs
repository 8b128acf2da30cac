using AgentVine.Contracts;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>Collects every rule that a request breaks, so that its sender can mend them all at once.</summary>
internal sealed class Faults
{
    private const int Limit = 50;
    private const int LongestName = 200;

    private readonly Dictionary<string, List<string>> _rules = new(StringComparer.Ordinal);
    private int _count;

    public bool Any => _count > 0;

    /// <summary>True once so many faults are known that looking for more would only make the reply longer.</summary>
    public bool Full => _count >= Limit;

    /// <summary>Adds a fault. <paramref name="rule"/> continues the field's name, as in "must be a string".</summary>
    public void Add(string field, string rule)
    {
        if (Full)
        {
            return;
        }

        var name = Printable(field);
        if (!_rules.TryGetValue(name, out var rules))
        {
            _rules[name] = rules = [];
        }

        rules.Add(rule);
        _count++;
    }

    /// <summary>Ends the request with 400 <c>validation.failed</c> when there is a fault.</summary>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw ToException();
        }
    }

    /// <summary>Ends the request for one fault.</summary>
    public static ProblemException Of(string field, string rule)
    {
        var faults = new Faults();
        faults.Add(field, rule);
        return faults.ToException();
    }

    /// <summary>What a caller sent, fit to be shown: short, and without control characters.</summary>
    public static string Printable(string text)
    {
        var end = text.Length <= LongestName ? text.Length : LongestName;
        if (end > 0 && char.IsHighSurrogate(text[end - 1]))
        {
            end--;
        }

        var shown = string.Create(end, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? '\uFFFD' : source[i];
            }
        });
        return end < text.Length ? shown + "…" : shown;
    }

    private ProblemException ToException()
    {
        var told = _rules.SelectMany(field => field.Value.Select(rule => $"{field.Key} {rule}")).Take(3).ToArray();
        var detail = string.Join("; ", told) + (_count > told.Length ? $"; and {_count - told.Length} more under 'errors'." : ".");
        return new ProblemException(
            400,
            ErrorCodes.ValidationFailed,
            detail,
            _rules.ToDictionary(field => field.Key, IReadOnlyList<string> (field) => field.Value, StringComparer.Ordinal));
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using AgentVine.Contracts;
using Microsoft.AspNetCore.WebUtilities;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>
/// Reads a request's query and notes every fault; <see cref="Read{T}"/> reports them all at once. A reader is written once, and also
/// tells the API's description what the endpoint takes: see <see cref="QueryMetadata"/>.
/// </summary>
internal sealed partial class Query
{
    private const int LongestMoment = 64;
    private readonly ILookup<string, string> _values;
    private readonly Faults _faults = new();
    private readonly List<QueryParameter> _parameters = [];

    // Not IQueryCollection: that takes 'Status' and 'status' for one, and the API does not.
    private Query(string? query)
    {
        var pairs = new List<(string Name, string Value)>();
        foreach (var pair in new QueryStringEnumerable(query))
        {
            pairs.Add((pair.DecodeName().ToString(), pair.DecodeValue().ToString()));
        }

        _values = pairs.ToLookup(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
    }

    /// <summary>The faults so far; a reader adds rules of its own here.</summary>
    public Faults Faults => _faults;

    /// <summary>The query of <paramref name="context"/>; end with <see cref="Done"/>, or use <see cref="Read{T}"/>, which does.</summary>
    public static Query Of(HttpContext context) => new(context.Request.QueryString.Value);

    /// <summary>Runs <paramref name="reader"/> and reports all faults, unknown parameters among them.</summary>
    /// <exception cref="ProblemException">400 <c>validation.failed</c>.</exception>
    public static T Read<T>(HttpContext context, Func<Query, T> reader)
    {
        var query = Of(context);
        var value = reader(query);
        query.Done();
        return value;
    }

    /// <summary>As <see cref="Read{T}"/>, for routes that workers call: parameters that this server does not know are ignored.</summary>
    /// <exception cref="ProblemException">400 <c>validation.failed</c>.</exception>
    public static T ReadFromWorker<T>(HttpContext context, Func<Query, T> reader)
    {
        var query = Of(context);
        var value = reader(query);
        query._faults.ThrowIfAny();
        return value;
    }

    /// <summary>What <paramref name="reader"/> takes.</summary>
    public static IReadOnlyList<QueryParameter> Describe<T>(Func<Query, T> reader)
    {
        var query = new Query(query: null);
        reader(query);
        return query._parameters;
    }

    /// <summary>A whole number, or <paramref name="default"/> when absent.</summary>
    public int Int(string name, int minimum, int maximum, int @default) => (int)Long(name, minimum, maximum, @default);

    /// <inheritdoc cref="Int"/>
    public long Long(string name, long minimum, long maximum, long @default)
    {
        _parameters.Add(new QueryParameter(name, typeof(long), Minimum: minimum, Maximum: maximum, Default: @default));
        if (!TrySingle(name, out var text))
        {
            return @default;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= minimum && value <= maximum)
        {
            return value;
        }

        _faults.Add(name, $"must be {Numbers.Between("a whole number", minimum, maximum)}, not '{Faults.Printable(text)}'");
        return @default;
    }

    /// <summary>A UUID, or null when absent.</summary>
    public Guid? Guid(string name)
    {
        _parameters.Add(new QueryParameter(name, typeof(Guid)));
        if (!TrySingle(name, out var text))
        {
            return null;
        }

        if (System.Guid.TryParseExact(text, "D", out var value))
        {
            return value;
        }

        _faults.Add(name, $"must be a UUID, not '{Faults.Printable(text)}'");
        return null;
    }

    /// <summary><c>true</c> or <c>false</c>; the name alone is <c>true</c>.</summary>
    public bool Bool(string name, bool @default = false)
    {
        _parameters.Add(new QueryParameter(name, typeof(bool), Default: @default));
        switch (TrySingle(name, out var text, mayBeEmpty: true) ? text : null)
        {
            case null:
                return @default;
            case "" or "true":
                return true;
            case "false":
                return false;
            default:
                _faults.Add(name, $"must be true or false, not '{Faults.Printable(text)}'");
                return @default;
        }
    }

    /// <summary>A text, or null when absent.</summary>
    public string? Text(string name, int maximum = 200)
    {
        _parameters.Add(new QueryParameter(name, typeof(string), Maximum: maximum));
        if (!TrySingle(name, out var text))
        {
            return null;
        }

        if (text.Contains('\0') || text.Length > maximum)
        {
            _faults.Add(name, $"must be a text of at most {maximum} characters without NUL");
            return null;
        }

        return text;
    }

    /// <summary>Some of the values of <typeparamref name="TEnum"/>, separated by commas or given several times; empty when absent.</summary>
    public IReadOnlyList<TEnum> Enum<TEnum>(string name)
        where TEnum : struct, Enum
    {
        var known = BodyShape.Of(typeof(TEnum)).EnumNames;
        return [.. OneOf(name, known).Select(VineJson.Parse<TEnum>)];
    }

    /// <summary>One value of <typeparamref name="TEnum"/>, or null when absent.</summary>
    public TEnum? EnumOne<TEnum>(string name)
        where TEnum : struct, Enum
    {
        var values = Enum<TEnum>(name);
        if (values.Count > 1)
        {
            _faults.Add(name, $"must be one word, not {values.Count}");
        }

        return values is [var one, ..] ? one : null;
    }

    /// <summary>A moment (RFC 3339), or null when absent.</summary>
    public DateTimeOffset? Moment(string name)
    {
        _parameters.Add(new QueryParameter(name, typeof(DateTimeOffset)));
        if (!TrySingle(name, out var text))
        {
            return null;
        }

        if (text.Length <= LongestMoment && MomentForm().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment))
        {
            return moment.ToUniversalTime();
        }

        _faults.Add(name, $"must be an RFC 3339 moment as in 2026-11-21T16:40:00Z, a + in it written %2B, not '{Faults.Printable(text)}'");
        return null;
    }

    /// <summary>Some of the words of <paramref name="known"/>, separated by commas or given several times; empty when absent.</summary>
    public IReadOnlyList<string> OneOf(string name, IReadOnlyCollection<string> known)
    {
        _parameters.Add(new QueryParameter(name, typeof(string), Words: known));
        var words = new List<string>();
        foreach (var word in _values[name].SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (known.Contains(word, StringComparer.Ordinal))
            {
                words.Add(word);
            }
            else
            {
                _faults.Add(name, Suggestion.NotOneOf(word, known));
            }
        }

        return [.. words.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Reports what is wrong; parameters that nobody read are unknown ones.</summary>
    /// <exception cref="ProblemException">400 <c>validation.failed</c>.</exception>
    public void Done()
    {
        var known = _parameters.Select(parameter => parameter.Name).ToArray();
        foreach (var name in _values.Select(values => values.Key).Where(name => !known.Contains(name, StringComparer.Ordinal)))
        {
            _faults.Add(name.Length == 0 ? "\"\"" : name, "is not a query parameter that this takes" + Suggestion.For(name, known));
        }

        _faults.ThrowIfAny();
    }

    private bool TrySingle(string name, out string text, bool mayBeEmpty = false)
    {
        var values = _values[name].ToArray();
        text = values is [var single] ? single : "";
        if (values.Length > 1)
        {
            _faults.Add(name, $"is there {values.Length} times; give it once");
        }
        else if (values.Length == 1 && text.Length == 0 && !mayBeEmpty)
        {
            _faults.Add(name, "must not be empty; leave it out or give a value");
        }

        return values.Length == 1 && (mayBeEmpty || text.Length > 0);
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$")]
    private static partial Regex MomentForm();
}

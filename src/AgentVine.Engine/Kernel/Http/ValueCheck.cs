using System.Text;
using System.Text.Json;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>Judges the leaves of a body: texts, numbers, ids, times, enum values and JSON of the caller's own shape.</summary>
internal sealed class ValueCheck(Faults faults)
{
    public void Check(JsonElement element, BodyShape shape, MemberRules rules, string path)
    {
        if (shape.Value == typeof(JsonElement))
        {
            OwnShape(element, rules, path);
        }
        else if (shape.Value == typeof(string))
        {
            String(element, rules, path);
        }
        else if (shape.Value.IsEnum)
        {
            EnumValue(element, shape, path);
        }
        else if (shape.Value == typeof(bool))
        {
            if (element.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                faults.Add(path, $"must be true or false, not {Kind(element)}");
            }
        }
        else if (Numbers.Reads(shape.Value))
        {
            Number(element, shape.Value, rules, path);
        }
        else
        {
            Formatted(element, shape, rules, path);
        }
    }

    /// <summary>The name of a member; false, and noted, when it is no text.</summary>
    public bool TryName(JsonProperty property, string path, out string name)
    {
        try
        {
            name = property.Name;
            if (!name.Contains('\0'))
            {
                return true;
            }
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped.
        }

        name = "";
        faults.Add(path.Length == 0 ? "$" : path, "has a member whose name is no text: it holds a NUL or half of a surrogate pair");
        return false;
    }

    /// <summary>What a value is, for people.</summary>
    public static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => element.GetRawText(),
    };

    private bool TryText(JsonElement element, string path, out string text)
    {
        text = "";
        if (element.ValueKind != JsonValueKind.String)
        {
            faults.Add(path, $"must be a string, not {Kind(element)}");
            return false;
        }

        try
        {
            text = element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            faults.Add(path, "holds half of a surrogate pair, which is no character; send whole characters");
            return false;
        }

        if (text.Contains('\0'))
        {
            faults.Add(path, "holds a NUL character; leave it out");
            return false;
        }

        return true;
    }

    private void String(JsonElement element, MemberRules rules, string path)
    {
        if (!TryText(element, path, out var text))
        {
            return;
        }

        if (rules.Required is { AllowEmptyStrings: false } && string.IsNullOrWhiteSpace(text))
        {
            faults.Add(path, "must not be blank");
            return;
        }

        var maximum = rules.StringLength?.MaximumLength ?? rules.MaxLength ?? int.MaxValue;
        var minimum = rules.StringLength?.MinimumLength ?? rules.MinLength ?? 0;
        if (text.Length > maximum && Characters(text) is var length && length > maximum)
        {
            faults.Add(path, $"is {length} characters long; at most {maximum} are allowed");
        }
        else if (minimum > 0 && Characters(text) is var few && few < minimum)
        {
            faults.Add(path, $"is {few} characters long; at least {minimum} are needed");
        }

        if (rules.SingleLine && text.Any(character => char.IsControl(character) || character is '\u2028' or '\u2029'))
        {
            faults.Add(path, "must be one line: no line breaks, tabs or other control characters");
        }

        Others(text, rules, path);
    }

    private void EnumValue(JsonElement element, BodyShape shape, string path)
    {
        if (TryText(element, path, out var text) && !shape.EnumNames.Contains(text, StringComparer.Ordinal))
        {
            faults.Add(path, Suggestion.NotOneOf(text, shape.EnumNames));
        }
    }

    private void Number(JsonElement element, Type type, MemberRules rules, string path)
    {
        var kind = Numbers.IsWhole(type) ? "a whole number" : "a number";
        if (element.ValueKind != JsonValueKind.Number)
        {
            faults.Add(path, $"must be {kind}, not {Kind(element)}");
        }
        else if (!Numbers.TryRead(element, type, out var value))
        {
            faults.Add(path, Numbers.IsWhole(type) && !Numbers.LooksWhole(element)
                ? $"must be a whole number, not {Faults.Printable(element.GetRawText())}"
                : $"must be {Numbers.Between(rules.Range, type)}");
        }
        else if (rules.Range is { } range && !range.IsValid(value))
        {
            faults.Add(path, $"must be {Numbers.Between(range, type)}, not {Faults.Printable(element.GetRawText())}");
        }
        else
        {
            Others(value, rules, path);
        }
    }

    private void Formatted(JsonElement element, BodyShape shape, MemberRules rules, string path)
    {
        var (needed, example) = shape.Value == typeof(Guid) ? ("a UUID", "0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33")
            : shape.Value == typeof(DateTimeOffset) ? ("a time with its offset", "2026-01-31T12:00:00Z")
            : ($"a {shape.Value.Name}", null);
        if (element.ValueKind == JsonValueKind.String && !TryText(element, path, out _))
        {
            return;
        }

        if (!TryBind(element, shape, out var value) || (value is DateTimeOffset && !NamesItsOffset(element.GetString()!)))
        {
            faults.Add(path, $"must be {needed}{(example is null ? "" : $", as in {example}")}");
            return;
        }

        Others(value!, rules, path);
    }

    private void OwnShape(JsonElement element, MemberRules rules, string path)
    {
        if (rules.ObjectBytes is { } limit)
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                faults.Add(path, $"must be an object, not {Kind(element)}");
                return;
            }

            var size = Encoding.UTF8.GetByteCount(element.GetRawText());
            if (size > limit)
            {
                faults.Add(path, $"is {size} bytes of JSON; at most {limit} are allowed");
                return;
            }
        }

        OwnText(element, path);
    }

    private void OwnText(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                TryText(element, path, out _);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray().TakeWhile(_ => !faults.Full))
                {
                    OwnText(item, $"{path}[{index++}]");
                }

                break;
            case JsonValueKind.Object:
                var seen = new HashSet<string>(StringComparer.Ordinal);
                foreach (var property in element.EnumerateObject().TakeWhile(_ => !faults.Full))
                {
                    if (!TryName(property, path, out var name))
                    {
                        continue;
                    }

                    if (!seen.Add(name))
                    {
                        faults.Add($"{path}.{name}", "is there more than once");
                    }

                    OwnText(property.Value, $"{path}.{name}");
                }

                break;
        }
    }

    private void Others(object value, MemberRules rules, string path)
    {
        foreach (var attribute in rules.Others.Where(attribute => !attribute.IsValid(value)))
        {
            faults.Add(path, attribute.ErrorMessage ?? attribute.FormatErrorMessage(path));
        }
    }

    private static bool TryBind(JsonElement element, BodyShape shape, out object? value)
    {
        try
        {
            value = element.Deserialize(shape.Info);
            return value is not null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NotSupportedException)
        {
            value = null;
            return false;
        }
    }

    // Without an offset the serializer would take the server's own, and nobody meant that.
    private static bool NamesItsOffset(string time) =>
        time.EndsWith('Z') || time.LastIndexOfAny(['+', '-']) > time.IndexOf('T', StringComparison.Ordinal);

    private static int Characters(string text) => text.EnumerateRunes().Count();
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>Walks a JSON value beside the type that it is to become and notes every rule that it breaks, by the member's path.</summary>
internal sealed class BodyCheck(Faults faults, bool refuseUnknown)
{
    private readonly ValueCheck _values = new(faults);

    public void Run(JsonElement element, Type type)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            faults.Add("$", $"must be an object, not {ValueCheck.Kind(element)}");
            return;
        }

        Value(element, type, MemberRules.None, path: "");
    }

    private void Value(JsonElement element, Type type, MemberRules rules, string path)
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            if (rules.Required is not null)
            {
                faults.Add(path, "is required");
            }
            else if (!rules.MayBeNull && Nullable.GetUnderlyingType(type) is null)
            {
                faults.Add(path, "must not be null");
            }

            return;
        }

        var shape = BodyShape.Of(type);
        switch (shape.Info.Kind)
        {
            case JsonTypeInfoKind.Object:
                Object(element, shape, path);
                break;
            case JsonTypeInfoKind.Enumerable:
                Items(element, shape, rules, path);
                break;
            case JsonTypeInfoKind.Dictionary:
                Entries(element, shape, rules, path);
                break;
            default:
                _values.Check(element, shape, rules, path);
                break;
        }
    }

    private void Object(JsonElement element, BodyShape shape, string path)
    {
        if (!Expect(element, JsonValueKind.Object, "an object", path))
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (faults.Full)
            {
                return;
            }

            if (!_values.TryName(property, path, out var name))
            {
                continue;
            }

            if (!shape.Members.TryGetValue(name, out var member))
            {
                Unknown(name, shape, path);
            }
            else if (!seen.Add(name))
            {
                faults.Add(Join(path, name), "is there more than once");
            }
            else
            {
                Value(property.Value, member.Type, member.Rules, Join(path, name));
            }
        }

        foreach (var (name, member) in shape.Members)
        {
            if (member.Rules.MustBePresent && !seen.Contains(name))
            {
                faults.Add(Join(path, name), "is required");
            }
        }
    }

    private void Items(JsonElement element, BodyShape shape, MemberRules rules, string path)
    {
        if (!Expect(element, JsonValueKind.Array, "an array", path) || !Counted(element.GetArrayLength(), rules, "item", path))
        {
            return;
        }

        var index = 0;
        foreach (var item in element.EnumerateArray())
        {
            if (faults.Full)
            {
                return;
            }

            Value(item, shape.Info.ElementType!, MemberRules.None, $"{path}[{index++}]");
        }
    }

    private void Entries(JsonElement element, BodyShape shape, MemberRules rules, string path)
    {
        if (!Expect(element, JsonValueKind.Object, "an object", path) || !Counted(element.GetPropertyCount(), rules, "member", path))
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (faults.Full)
            {
                return;
            }

            if (!_values.TryName(property, path, out var name))
            {
                continue;
            }

            if (!seen.Add(name))
            {
                faults.Add(Join(path, name), "is there more than once");
            }
            else
            {
                Value(property.Value, shape.Info.ElementType!, MemberRules.None, Join(path, name));
            }
        }
    }

    private void Unknown(string name, BodyShape shape, string path)
    {
        if (refuseUnknown)
        {
            faults.Add(Join(path, name), "is not a member that this takes" + Suggestion.For(name, shape.Members.Keys));
        }
    }

    private bool Expect(JsonElement element, JsonValueKind kind, string name, string path)
    {
        if (element.ValueKind == kind)
        {
            return true;
        }

        faults.Add(path, $"must be {name}, not {ValueCheck.Kind(element)}");
        return false;
    }

    private bool Counted(int count, MemberRules rules, string unit, string path)
    {
        if (count < rules.MinLength)
        {
            faults.Add(path, $"has {count} {unit}s; at least {rules.MinLength} must be there");
        }
        else if (count > rules.MaxLength)
        {
            faults.Add(path, $"has {count} {unit}s; at most {rules.MaxLength} are allowed");
            return false;
        }

        return true;
    }

    private static string Join(string path, string name)
    {
        var shown = name.Length == 0 ? "\"\"" : name;
        return path.Length == 0 ? shown : $"{path}.{shown}";
    }
}

using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>A type of the wire as the check sees it; worked out once per type.</summary>
internal sealed class BodyShape
{
    private static readonly ConcurrentDictionary<Type, BodyShape> Known = new();

    private BodyShape(Type type)
    {
        Value = Nullable.GetUnderlyingType(type) ?? type;
        Info = JsonBody.Options.GetTypeInfo(Value);
        Members = Info.Kind == JsonTypeInfoKind.Object
            ? Info.Properties
                .Where(property => property.Set is not null || property.AssociatedParameter is not null)
                .ToDictionary(
                    property => property.Name,
                    property => new BodyMember(property.PropertyType, MemberRules.Of(property)),
                    StringComparer.Ordinal)
            : [];
        EnumNames = Value.IsEnum ? [.. Enum.GetValuesAsUnderlyingType(Value).Cast<object>().Select(Name)] : [];
    }

    /// <summary>The type, without its <see cref="Nullable{T}"/>.</summary>
    public Type Value { get; }

    public JsonTypeInfo Info { get; }

    /// <summary>The members of an object, by their names on the wire.</summary>
    public IReadOnlyDictionary<string, BodyMember> Members { get; }

    /// <summary>The names of an enum's values on the wire.</summary>
    public IReadOnlyList<string> EnumNames { get; }

    public static BodyShape Of(Type type) => Known.GetOrAdd(type, static key => new BodyShape(key));

    private string Name(object value) =>
        System.Text.Json.JsonSerializer.SerializeToElement(Enum.ToObject(Value, value), Value, JsonBody.Options).GetString()!;
}

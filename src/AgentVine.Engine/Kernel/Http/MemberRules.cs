using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using AgentVine.Contracts;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>What the type of a body asks of one member: its annotations, C#'s <c>required</c> and its nullability.</summary>
internal sealed class MemberRules
{
    /// <summary>The rules of a value that is no member: the body itself, an array's items.</summary>
    public static MemberRules None { get; } = new([], required: false, nullable: false);

    private MemberRules(IReadOnlyList<Attribute> attributes, bool required, bool nullable)
    {
        Required = attributes.OfType<RequiredAttribute>().FirstOrDefault();
        MustBePresent = required || Required is not null;
        MayBeNull = nullable;
        StringLength = attributes.OfType<StringLengthAttribute>().FirstOrDefault();
        Range = attributes.OfType<RangeAttribute>().FirstOrDefault();
        MinLength = attributes.OfType<MinLengthAttribute>().FirstOrDefault()?.Length;
        MaxLength = attributes.OfType<MaxLengthAttribute>().FirstOrDefault()?.Length;
        ObjectBytes = attributes.OfType<JsonObjectSizeAttribute>().FirstOrDefault()?.MaximumBytes;
        SingleLine = attributes.OfType<SingleLineAttribute>().Any();
        Others = [.. attributes.OfType<ValidationAttribute>().Where(attribute =>
            attribute is not (RequiredAttribute or StringLengthAttribute or RangeAttribute or MinLengthAttribute or MaxLengthAttribute))];
    }

    /// <summary>There with a value that says something: null and blank are as good as absent.</summary>
    public RequiredAttribute? Required { get; }

    public bool MustBePresent { get; }

    public bool MayBeNull { get; }

    public StringLengthAttribute? StringLength { get; }

    public RangeAttribute? Range { get; }

    public int? MinLength { get; }

    public int? MaxLength { get; }

    public int? ObjectBytes { get; }

    public bool SingleLine { get; }

    /// <summary>Annotations without words of their own here; they judge the bound value.</summary>
    public IReadOnlyList<ValidationAttribute> Others { get; }

    public static MemberRules Of(JsonPropertyInfo member)
    {
        var property = member.AttributeProvider as PropertyInfo;
        var parameter = member.AssociatedParameter;
        var attributes = new List<Attribute>();
        attributes.AddRange(property?.GetCustomAttributes() ?? []);
        attributes.AddRange(parameter?.AttributeProvider?.GetCustomAttributes(inherit: true).OfType<Attribute>() ?? []);

        var nullable = Nullable.GetUnderlyingType(member.PropertyType) is not null
            || (!member.PropertyType.IsValueType
                && (property is null || new NullabilityInfoContext().Create(property).ReadState != NullabilityState.NotNull));
        var positional = parameter is { HasDefaultValue: false } && !nullable;
        return new MemberRules(attributes, member.IsRequired || positional, nullable);
    }
}

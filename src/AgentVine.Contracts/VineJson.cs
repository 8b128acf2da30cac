using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentVine.Contracts;

/// <summary>The one JSON dialect of the wire, the database and <c>--json</c>: snake_case names and states, absent instead of null.</summary>
public static class VineJson
{
    /// <summary>Shared, read-only options. Unknown members are ignored: a newer peer may send more than this one knows.</summary>
    public static JsonSerializerOptions Options { get; } = Freeze(Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web)));

    /// <summary>Applies the dialect to <paramref name="options"/> and returns it.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        return options;
    }

    /// <summary>The wire form of an enum value, as in <c>in_progress</c>.</summary>
    public static string Name<TEnum>(TEnum value) where TEnum : struct, Enum => WireNames<TEnum>.ByValue[value];

    /// <summary>The value of a wire form written by <see cref="Name"/>.</summary>
    /// <exception cref="FormatException">The text names no value of <typeparamref name="TEnum"/>.</exception>
    public static TEnum Parse<TEnum>(string name) where TEnum : struct, Enum =>
        TryParse(name, out TEnum value) ? value : throw new FormatException($"'{name}' is no {typeof(TEnum).Name}.");

    /// <summary>As <see cref="Parse"/>, false for an unknown name.</summary>
    public static bool TryParse<TEnum>(string name, out TEnum value) where TEnum : struct, Enum =>
        WireNames<TEnum>.ByName.TryGetValue(name, out value);

    private static JsonSerializerOptions Freeze(JsonSerializerOptions options)
    {
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private static class WireNames<TEnum> where TEnum : struct, Enum
    {
        public static readonly Dictionary<TEnum, string> ByValue = Enum.GetValues<TEnum>().ToDictionary(value => value, Name);

        public static readonly Dictionary<string, TEnum> ByName =
            ByValue.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

        // As the serializer names it, without the serializer: a short command would spend a third of its time on starting that.
        private static string Name(TEnum value)
        {
            var member = value.ToString();
            return typeof(TEnum).GetField(member)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
                ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(member);
        }
    }
}

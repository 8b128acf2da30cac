using System.Globalization;
using System.Text.Json.Nodes;
using AgentVine.Engine.Kernel.Http;
using Microsoft.OpenApi;

namespace AgentVine.Engine.Observability;

/// <summary>Parameters outside the body, as OpenAPI tells them.</summary>
internal static class QueryDescription
{
    public static OpenApiParameter Of(QueryParameter parameter) => new()
    {
        Name = parameter.Name,
        In = ParameterLocation.Query,
        Schema = parameter.Words is null ? Single(parameter) : Words(parameter.Words),
        // A comma list: ?status=queued,blocked.
        Style = ParameterStyle.Form,
        Explode = parameter.Words is null,
    };

    public static OpenApiParameter IdempotencyHeader() => new()
    {
        Name = IdempotencyKey.Header,
        In = ParameterLocation.Header,
        Description = "Your name for this write. Sent again with the same body within a day, it gives back the first reply.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = IdempotencyKey.MaximumLength },
    };

    private static OpenApiSchema Words(IEnumerable<string> words) => new()
    {
        Type = JsonSchemaType.Array,
        Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)] },
    };

    private static OpenApiSchema Single(QueryParameter parameter) => parameter.Type switch
    {
        var type when type == typeof(long) => new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Format = "int64",
            Minimum = parameter.Minimum?.ToString(CultureInfo.InvariantCulture),
            Maximum = parameter.Maximum?.ToString(CultureInfo.InvariantCulture),
            Default = JsonValue.Create((long?)parameter.Default),
        },
        var type when type == typeof(bool) => new OpenApiSchema
        {
            Type = JsonSchemaType.Boolean,
            Default = JsonValue.Create((bool?)parameter.Default),
        },
        var type when type == typeof(Guid) => new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
        var type when type == typeof(DateTimeOffset) => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
        _ => new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = (int?)parameter.Maximum },
    };
}

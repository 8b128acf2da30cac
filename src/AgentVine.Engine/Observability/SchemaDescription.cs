using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AgentVine.Contracts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AgentVine.Engine.Observability;

/// <summary>Says in schemas what the check of bodies says: what must be there is not null, and what is the caller's own shape is an object.</summary>
internal sealed class SchemaDescription : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var attributes = context.JsonPropertyInfo?.AttributeProvider;
        if (attributes?.IsDefined(typeof(RequiredAttribute), inherit: true) == true)
        {
            schema.Type &= ~JsonSchemaType.Null;
            schema.MinLength = schema.Type == JsonSchemaType.String && schema.Format is null ? Math.Max(1, schema.MinLength ?? 0) : null;
        }
        else if (schema.MinLength == 0)
        {
            schema.MinLength = null;
        }

        if (context.JsonTypeInfo.Type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
        }

        if ((Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type) == typeof(JsonElement)
            && attributes?.IsDefined(typeof(JsonObjectSizeAttribute), inherit: true) == true)
        {
            // Written in place: every JsonElement would otherwise refer to one schema that says nothing.
            schema.Metadata?.Remove("x-schema-id");
            schema.Type = JsonSchemaType.Object | JsonSchemaType.Null;
        }

        return Task.CompletedTask;
    }
}

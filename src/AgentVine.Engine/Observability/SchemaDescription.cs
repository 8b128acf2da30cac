using System.ComponentModel.DataAnnotations;
using AgentVine.Contracts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AgentVine.Engine.Observability;

/// <summary>Says in schemas what the check of bodies says: what must be there is not null, and the caller's own shapes are objects.</summary>
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

        // In place: every JsonElement would otherwise refer to one schema that says nothing.
        foreach (var member in context.JsonTypeInfo.Properties)
        {
            if (member.AttributeProvider?.IsDefined(typeof(JsonObjectSizeAttribute), inherit: true) == true
                && schema.Properties?.ContainsKey(member.Name) == true)
            {
                schema.Properties[member.Name] = new OpenApiSchema { Type = JsonSchemaType.Object | JsonSchemaType.Null };
            }
        }

        return Task.CompletedTask;
    }
}

using System.Reflection;
using AgentVine.Contracts;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AgentVine.Engine.Observability;

/// <summary>Adds to an operation what its endpoint says of itself: slice, name, query, who may call and how it refuses.</summary>
internal sealed class OperationDescription : IOpenApiOperationTransformer
{
    private const string ProblemJson = "application/problem+json";

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var handler = metadata.OfType<MethodInfo>().LastOrDefault();
        operation.OperationId ??= OperationNames.Of(handler, context.Description.HttpMethod!, context.Description.RelativePath!);
        if (Slice(handler) is { } slice && !metadata.OfType<ITagsMetadata>().Any())
        {
            operation.Tags = new HashSet<OpenApiTagReference> { new(slice, context.Document) };
        }

        operation.Parameters ??= [];
        foreach (var parameter in metadata.OfType<QueryMetadata>().SelectMany(query => query.Parameters))
        {
            operation.Parameters.Add(QueryDescription.Of(parameter));
        }

        if (metadata.OfType<IdempotentMetadata>().Any())
        {
            operation.Parameters.Add(QueryDescription.IdempotencyHeader());
        }

        if (metadata.OfType<BodyMetadata>().LastOrDefault() is { RefusesUnknown: true })
        {
            Close(operation.RequestBody?.Content?.Values.FirstOrDefault()?.Schema);
        }

        var rule = metadata.OfType<AccessMetadata>().LastOrDefault()?.Rule ?? AccessRule.Key;
        Secure(operation, rule, context.Document!);
        await RefuseAsync(operation, metadata, rule, context, cancellationToken);
    }

    private static string? Slice(MethodInfo? handler)
    {
        const string Root = "AgentVine.Engine.";
        var space = handler?.DeclaringType?.Namespace ?? "";
        return space.StartsWith(Root, StringComparison.Ordinal)
            ? space[Root.Length..].Split('.') is ["Kernel", var part, ..] ? part : space[Root.Length..].Split('.')[0]
            : null;
    }

    private static void Close(IOpenApiSchema? schema)
    {
        if ((schema is OpenApiSchemaReference reference ? reference.RecursiveTarget : schema) is OpenApiSchema target)
        {
            target.AdditionalPropertiesAllowed = false;
        }
    }

    private static void Secure(OpenApiOperation operation, AccessRule rule, OpenApiDocument document)
    {
        var key = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiDescription.BearerScheme, document)] = [] };
        operation.Security = rule switch
        {
            AccessRule.Key or AccessRule.Agent => [key],
            AccessRule.Open => [[], key],
            _ => [],
        };
    }

    private static async Task RefuseAsync(
        OpenApiOperation operation,
        IList<object> metadata,
        AccessRule rule,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken)
    {
        var hasBody = metadata.OfType<BodyMetadata>().Any();
        var refusals = new List<(string Status, string When)>();
        if (hasBody || metadata.OfType<QueryMetadata>().Any())
        {
            refusals.Add(("400", "A rule is broken; 'errors' names each member and rule."));
        }

        if (rule != AccessRule.Probe)
        {
            refusals.Add(("401", "The key is wanted, and is missing or wrong."));
        }

        if (hasBody)
        {
            refusals.Add(("413", "The body is too large."));
            refusals.Add(("415", "The body is not JSON in UTF-8."));
        }

        if (metadata.OfType<IdempotentMetadata>().Any())
        {
            refusals.Add(("422", "The idempotency key belongs to another body."));
        }

        refusals.Add(("default", "Any other refusal."));
        var schema = await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellationToken);
        context.Document!.AddComponent(nameof(Problem), schema);
        operation.Responses ??= [];
        foreach (var (status, when) in refusals)
        {
            operation.Responses.TryAdd(status, new OpenApiResponse
            {
                Description = when,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemJson] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(nameof(Problem), context.Document) },
                },
            });
        }
    }
}

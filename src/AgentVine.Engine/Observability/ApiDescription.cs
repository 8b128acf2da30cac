using AgentVine.Engine.Identity;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AgentVine.Engine.Observability;

/// <summary>The API as OpenAPI 3.1 tells it.</summary>
internal static class ApiDescription
{
    public const string BearerScheme = "key";

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            Name(document);
            document.Info = new OpenApiInfo
            {
                Title = "AgentVine",
                Version = AboutServer.Version,
                Description = "Runs a fleet of coding agents on a team's git repositories. "
                    + "Errors are RFC 9457 problem details; each code is explained at /docs/errors.",
                License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
            };
            document.AddComponent(BearerScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = $"The server's key: {RunKey.FileName} of its data folder, or its {AccessKey.Variable}.",
            });
            return Task.CompletedTask;
        });
        options.AddOperationTransformer<OperationDescription>();
        options.AddSchemaTransformer<SchemaDescription>();
    }

    // Handlers may serve two routes; generated clients need two names. And the framework lists tags that no operation kept.
    private static void Name(OpenApiDocument document)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var tags = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (path, item) in document.Paths)
        {
            foreach (var (method, operation) in item.Operations ?? [])
            {
                if (!names.Add(operation.OperationId!))
                {
                    operation.OperationId = OperationNames.FromPath(method.Method, path);
                    names.Add(operation.OperationId);
                }

                tags.UnionWith(operation.Tags?.Select(tag => tag.Name!) ?? []);
            }
        }

        document.Tags = new HashSet<OpenApiTag>(tags.Select(tag => new OpenApiTag { Name = tag }));
    }
}

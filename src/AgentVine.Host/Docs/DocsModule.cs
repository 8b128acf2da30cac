using AgentVine.Engine.Identity;

namespace AgentVine.Host.Docs;

/// <summary>The API's page for people at <c>/docs</c>, the meaning of each error at <c>/docs/errors</c>; all of it from this program.</summary>
internal static class DocsModule
{
    /// <summary>Maps its routes.</summary>
    public static IEndpointRouteBuilder MapDocs(this IEndpointRouteBuilder routes)
    {
        routes.MapSwaggerUI("/docs", ui =>
        {
            ui.DocumentTitle = "AgentVine API";
            ui.SwaggerEndpoint("/openapi/v1.json", "v1");
            ui.EnableDeepLinking();
            ui.DisplayRequestDuration();
        }).AllowOpen();
        routes.MapGet("/docs/errors", () => Results.Content(ErrorsPage.Html, "text/html; charset=utf-8"))
            .ExcludeFromDescription()
            .AllowOpen();
        return routes;
    }
}

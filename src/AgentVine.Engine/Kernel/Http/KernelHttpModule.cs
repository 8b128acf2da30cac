using AgentVine.Contracts;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>What every route shares: bodies, errors, limits, idempotency.</summary>
public static class KernelHttpModule
{
    /// <summary>Registers it.</summary>
    public static IServiceCollection AddKernelHttp(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.ConfigureHttpJsonOptions(json => VineJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.Configure<KestrelServerOptions>(Limit);
        services.TryAddEnumerable(ServiceDescriptor.Transient<IApiDescriptionProvider, BodyDescriptions>());
        services.TryAddSingleton<IdempotentWrite>();
        services.AddHostedService<IdempotencyKeyCleaner>();
        return services;
    }

    /// <summary>Puts it at the front of the pipeline; call it first.</summary>
    public static IApplicationBuilder UseKernelHttp(this IApplicationBuilder app)
    {
        app.Use((context, next) =>
        {
            // Files and diffs of strangers are text, whatever a browser makes of their first bytes. Set last, since a fault clears headers.
            context.Response.OnStarting(
                static response =>
                {
                    ((HttpResponse)response).Headers.XContentTypeOptions = "nosniff";
                    return Task.CompletedTask;
                },
                context.Response);
            return next(context);
        });
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(BareStatus.WriteAsync);
        return app;
    }

    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = BodyLimit.DefaultBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
    }
}

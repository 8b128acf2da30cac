using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>Adds the bodies of <see cref="Body{T}"/> and <see cref="WorkerBody{T}"/> to what OpenAPI knows of an endpoint.</summary>
internal sealed class BodyDescriptions : IApiDescriptionProvider
{
    // After the framework's own providers, which fill the list of endpoints.
    public int Order => 0;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
        foreach (var description in context.Results)
        {
            if (description.ActionDescriptor.EndpointMetadata.OfType<BodyMetadata>().LastOrDefault() is not { } body)
            {
                continue;
            }

            description.ParameterDescriptions.Add(new ApiParameterDescription
            {
                Name = "body",
                Type = body.Type,
                Source = BindingSource.Body,
                IsRequired = !body.Optional,
            });
            description.SupportedRequestFormats.Add(new ApiRequestFormat { MediaType = "application/json" });
        }
    }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
    }
}

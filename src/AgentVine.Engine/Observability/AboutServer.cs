using System.Reflection;
using AgentVine.Contracts;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentVine.Engine.Observability;

/// <summary>Says what answers here.</summary>
internal static class AboutServer
{
    /// <summary>The program's version, without the build's mark.</summary>
    public static string Version { get; } =
        typeof(AboutServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Product, version, database and what callers must bring.</summary>
    public static Ok<About> Handle(IStore store, AccessOptions access, IOptions<ObservabilityOptions> options) =>
        TypedResults.Ok(new About(
            "AgentVine",
            Version,
            store.Dialect.Name,
            WorkerProtocol.Version,
            VineJson.Name(access.Mode),
            options.Value.DefaultRuntime));
}

using System.Reflection;

namespace AgentVine.Engine.Identity;

/// <summary>Who calls, by the name that records keep. Endpoints take it as a parameter.</summary>
public sealed record Caller(string Name)
{
    /// <summary>Somebody on this machine without a credential.</summary>
    public static Caller Anonymous { get; } = new("anonymous");

    /// <summary>Who makes the request.</summary>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? Anonymous;

    /// <summary>Binds an endpoint's parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<Caller?>(Of(context));
}

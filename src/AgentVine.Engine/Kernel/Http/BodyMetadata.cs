using System.Reflection;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>
/// Which body an endpoint takes, for the reader and for the API's description. Not <c>IAcceptsMetadata</c>: with that, routing
/// would judge media types before the caller's key is seen.
/// </summary>
internal sealed record BodyMetadata(Type Type, bool Optional, bool RefusesUnknown)
{
    /// <summary>Whether the endpoint declared its parameter as nullable.</summary>
    public static bool MayBeAbsent(ParameterInfo parameter) =>
        new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable;
}

using System.Buffers.Text;
using System.Security.Cryptography;

namespace AgentVine.Engine.Tasks;

/// <summary>Tokens that agents carry: recognisable, unguessable, worthless after their execution.</summary>
internal static class AgentTokens
{
    public const string Prefix = "vine_agent_";

    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}

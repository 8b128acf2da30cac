using System.Net;

namespace AgentVine.Engine.Identity;

/// <summary>Which addresses may be served with which authentication: what other machines reach wants a chosen key.</summary>
public static class ListenPolicy
{
    /// <summary>The mode for <paramref name="urls"/> when <paramref name="asked"/> names none: loopback is open, others are not.</summary>
    public static AccessMode ModeFor(IEnumerable<string> urls, AccessMode? asked) =>
        asked ?? (urls.All(IsLocal) ? AccessMode.Loopback : AccessMode.Required);

    /// <summary>Refuses to serve an address that is not loopback until a key was chosen and every call wants it.</summary>
    /// <exception cref="ListenRefusedException">The message says which address and what to set.</exception>
    public static void Check(IEnumerable<string> urls, AccessOptions access)
    {
        foreach (var url in urls.Where(url => !IsLocal(url)))
        {
            if (!access.Key.IsConfigured)
            {
                throw new ListenRefusedException(
                    $"'{url}' can be reached from other machines, and no key was chosen for it. Set {AccessKey.Variable} to a key of your own "
                    + "('openssl rand -base64 32' makes one), or serve a loopback address such as http://127.0.0.1:8000.");
            }

            if (access.Mode != AccessMode.Required)
            {
                throw new ListenRefusedException(
                    $"'{url}' can be reached from other machines, and '--auth loopback' would let them in without a key. "
                    + "Use '--auth required', or serve a loopback address such as http://127.0.0.1:8000.");
            }
        }
    }

    // The server binds a name that it does not know to every address: only these are surely local.
    private static bool IsLocal(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var authority = scheme < 0 ? url : url[(scheme + 3)..];
        if (authority.StartsWith("unix:/", StringComparison.OrdinalIgnoreCase)
            || authority.StartsWith("pipe:/", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        authority = authority.Split('/', 2)[0];
        return LoopbackHost.TryParse(authority, out _)
            || (IPEndPoint.TryParse(authority, out var address) && IPAddress.IsLoopback(address.Address));
    }
}

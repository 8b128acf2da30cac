using System.Globalization;
using System.Net;

namespace AgentVine.Engine.Identity;

/// <summary>
/// Reads a <c>Host</c> header that names this machine: <c>localhost</c>, 127.0.0.0/8 in dotted form, or <c>[::1]</c>, with any port.
/// Every other spelling is foreign, also where a resolver would find loopback behind it: browsers send these forms alone.
/// </summary>
internal static class LoopbackHost
{
    public static bool TryParse(string host, out string name)
    {
        name = "";
        var colon = host.StartsWith('[') ? host.IndexOf("]:", StringComparison.Ordinal) + 1 : host.IndexOf(':', StringComparison.Ordinal);
        var hasPort = colon > 0;
        if (hasPort && !IsPort(host.AsSpan(colon + 1)))
        {
            return false;
        }

        name = hasPort ? host[..colon] : host;
        return string.Equals(name, "localhost", StringComparison.OrdinalIgnoreCase) || IsDottedLoopback(name) || IsBracketedLoopback(name);
    }

    private static bool IsPort(ReadOnlySpan<char> text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;

    private static bool IsDottedLoopback(string name)
    {
        var parts = name.Split('.');
        return parts.Length == 4
            && parts[0] == "127"
            && parts.All(part => byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                && (part.Length == 1 || part[0] != '0'));
    }

    private static bool IsBracketedLoopback(string name) =>
        name.Length > 2
        && name[0] == '['
        && name[^1] == ']'
        && name.AsSpan(1, name.Length - 2) is var inner
        && !inner.Contains('%')
        && !inner.Contains('.')
        && IPAddress.TryParse(inner, out var address)
        && address.Equals(IPAddress.IPv6Loopback);
}

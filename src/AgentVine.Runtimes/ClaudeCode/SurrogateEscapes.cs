using System.Buffers.Text;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>
/// Half a surrogate pair is legal in the JSON that JavaScript writes (an agent has looked into a binary file) and no text in .NET:
/// whoever reads or writes such a string throws. It becomes U+FFFD here, in place, before anybody sees it.
/// </summary>
internal static class SurrogateEscapes
{
    private const int Length = 6;

    public static void Mend(Span<byte> json)
    {
        for (var at = 0; at < json.Length;)
        {
            var next = json[at..].IndexOf((byte)'\\');
            if (next < 0)
            {
                return;
            }

            at += next;
            at += Unit(json[at..]) switch
            {
                >= 0xD800 and < 0xDC00 when Unit(json[(at + Length)..]) is >= 0xDC00 and < 0xE000 => 2 * Length,
                >= 0xD800 and < 0xE000 => Replace(json[at..]),
                _ => 2,
            };
        }
    }

    /// <summary>The code unit of an escape at the beginning; 0 where there is none.</summary>
    private static int Unit(ReadOnlySpan<byte> json) =>
        json.Length >= Length && json[0] == '\\' && json[1] == 'u' && Utf8Parser.TryParse(json[2..Length], out int unit, out var read, 'x') && read == 4 ? unit : 0;

    private static int Replace(Span<byte> json)
    {
        "\\ufffd"u8.CopyTo(json);
        return Length;
    }
}

using System.Globalization;
using System.Text;

namespace AgentVine.Cli.Output;

/// <summary>
/// Makes foreign text safe to show: what would move the cursor, recolour, hide or reorder characters is shown as what it is. A person
/// who decides on a command must see all of it.
/// </summary>
internal static class Printable
{
    /// <summary>Text that keeps its line breaks and tabs.</summary>
    public static string Lines(string text) => Clean(text.ReplaceLineEndings("\n"), keepLines: true);

    /// <summary>Text on one line: breaks become spaces.</summary>
    public static string Line(string text) => Clean(text.ReplaceLineEndings(" ").Replace('\t', ' '), keepLines: false);

    /// <summary>The first line, shortened to <paramref name="width"/> characters with an ellipsis.</summary>
    public static string Brief(string text, int width)
    {
        var trimmed = text.AsSpan().Trim();
        var end = trimmed.IndexOfAny('\r', '\n');
        var line = Line((end < 0 ? trimmed : trimmed[..end]).ToString());
        return line.Length > width ? line[..(width - 1)] + "…" : end < 0 ? line : line + " …";
    }

    private static string Clean(string text, bool keepLines)
    {
        if (!text.Any(character => IsUnsafe(character, keepLines)))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (!IsUnsafe(character, keepLines))
            {
                clean.Append(character);
            }
            else if (character < ' ')
            {
                // The control pictures: ␛ for escape, ␍ for carriage return.
                clean.Append((char)('\u2400' + character));
            }
            else
            {
                clean.Append(CultureInfo.InvariantCulture, $"<U+{(int)character:X4}>");
            }
        }

        return clean.ToString();
    }

    private static bool IsUnsafe(char character, bool keepLines) => character switch
    {
        '\n' or '\t' => !keepLines,
        < ' ' or '\u007f' => true,
        >= '\u0080' and <= '\u009f' => true,
        '\u200d' or '\ufe0f' => false, // join emoji
        _ => character >= '\u00ad' && char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator,
    };
}
